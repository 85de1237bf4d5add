const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/** What stands between white space, in order; of a script that is written without spaces, each character. */
export const words = (text: string): string[] => text.match(word) ?? [];
