import { advance } from './advance.ts';
import type { Row } from './row.ts';

/** The height of a box and the width of its characters both grow with the type; headings are set 1.25 times larger. */
const minRatio = 1.5;
/** Boxes are lower without ascenders, too, and some faces are narrow: neither is enough. */
const minRatioOfEach = 1.15;

/** Whether two rows are set in type of different size, as a heading and its text are. */
export const isOtherType = (a: Row, b: Row): boolean => isLarger(a, b) || isLarger(b, a);

function isLarger(a: Row, b: Row): boolean {
  const height = a.height / b.height;
  if (!(height > minRatioOfEach)) return false;
  const width = characterWidth(a) / characterWidth(b);
  return width > minRatioOfEach && height * width > minRatio;
}

/** In units of the page, for a character that is as wide as the type is high. */
function characterWidth({ pieces }: Row): number {
  const widest = pieces.reduce((a, b) => (b.right - b.left > a.right - a.left ? b : a));
  return (widest.right - widest.left) / advance(widest.text);
}
