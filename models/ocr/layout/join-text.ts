/** Scripts that are written without spaces between words; Hangul is not one of them. */
const spaceless =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\u3000-\\u303F\\uFF01-\\uFF60ー]';
const spacelessEnd = new RegExp(`${spaceless}$`, 'u');
const spacelessStart = new RegExp(`^${spaceless}`, 'u');

/** In heights. Spaced-out headings stand closer than this; what stands further apart are cells of a row. */
const minCellGap = 2;

/**
 * Joins what stands on one row: by one space however wide the gap, by none between Chinese or Japanese characters that
 * are no further apart than those of a spaced-out heading.
 */
export function joinText(before: string, after: string, gapInHeights: number): string {
  if (before === '' || after === '') return before + after;
  const isSpaceless = spacelessEnd.test(before) && spacelessStart.test(after);
  return before + (isSpaceless && gapInHeights < minCellGap ? '' : ' ') + after;
}
