import type { Row } from './row.ts';

/** Boxes of the same type differ in height by less, but for rows without ascenders or descenders. */
const minHeightRatio = 1.25;
/** Those rows give themselves away by characters as wide as the others'. */
const minWidthRatio = 1.15;

/** Whether two rows are set in type of different size, as a heading and its text are. */
export function isOtherType(a: Row, b: Row): boolean {
  const [height, width] = [a.height / b.height, characterWidth(a) / characterWidth(b)];
  return (
    (height > minHeightRatio && width > minWidthRatio) || (height < 1 / minHeightRatio && width < 1 / minWidthRatio)
  );
}

/** Ideographs and their like take the width of two letters. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/gu;

function characterWidth({ pieces }: Row): number {
  const widest = pieces.reduce((a, b) => (b.right - b.left > a.right - a.left ? b : a));
  return (widest.right - widest.left) / (widest.text.length + (widest.text.match(wide)?.length ?? 0));
}
