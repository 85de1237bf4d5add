/** Scripts that are written without spaces between words; Hangul is not one of them. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303F\uFF01-\uFF60ー]/u;

/** In heights. Spaced-out headings stand closer than this; what stands further apart are cells of a row. */
const minCellGap = 2;

/** Joins what stands on one row: by one space however wide the gap, by none between Chinese or Japanese characters. */
export function joinText(before: string, after: string, gapInHeights: number): string {
  if (before === '' || after === '') return before + after;
  const isSpaceless = spaceless.test(lastCharacter(before)) && spaceless.test(firstCharacter(after));
  return before + (isSpaceless && gapInHeights < minCellGap ? '' : ' ') + after;
}

const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0);

/** Half a pair of surrogates is no character, so the last two units are looked at together. */
const lastCharacter = (text: string): string => [...text.slice(-2)].at(-1) ?? '';
