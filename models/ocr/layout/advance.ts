/** Advance widths in heights of the type, by and large those of Helvetica and Times (Adobe's font metrics). */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[iljtfrI1.,:;'!|()[\]\s-]/u, 0.3],
  [/[mwMW@%]/u, 0.85],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u, 1],
  [/\p{Lu}/u, 0.67],
];
const usualWidth = 0.52;

/** How wide a text is set in type of height 1, roughly: enough to compare sizes of type by the widths of texts. */
export const advance = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + advanceOf(character), 0);

const advanceOf = (character: string): number => widths.find(([pattern]) => pattern.test(character))?.[1] ?? usualWidth;
