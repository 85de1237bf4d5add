const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;

/**
 * Levenshtein distance over characters divided by the length of the expected text, 0 or more. Runs of white space
 * count as one space, so that the rate says what was read and not how the lines were broken.
 */
export const characterErrorRate = (actual: string, expected: string): number =>
  errorRate(characters(actual), characters(expected));

/** Levenshtein distance over words divided by the number of expected words, 0 or more. */
export const wordErrorRate = (actual: string, expected: string): number => errorRate(words(actual), words(expected));

/** The share of the expected words that were read, 0 to 1, each as often as it is expected, in any order. */
export function wordRecall(actual: string, expected: string): number {
  const left = new Map<string, number>();
  for (const word of words(actual)) left.set(word, (left.get(word) ?? 0) + 1);
  const wanted = words(expected);
  if (wanted.length === 0) return 1;
  let found = 0;
  for (const word of wanted) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    found += 1;
  }
  return found / wanted.length;
}

const characters = (text: string): string[] => Array.from(text.trim().replaceAll(/\s+/gu, ' '));

/** Edits per expected item, 0 or more. Where nothing is expected, anything that was read is one whole error. */
function errorRate<T>(actual: readonly T[], expected: readonly T[]): number {
  if (expected.length === 0) return actual.length === 0 ? 0 : 1;
  return editDistance(actual, expected) / expected.length;
}

/** Levenshtein distance: how many items must be added, removed or changed to make one sequence the other. */
function editDistance<T>(from: readonly T[], to: readonly T[]): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, item] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substituted = previous[column]! + (item === other ? 0 : 1);
      current.push(Math.min(substituted, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}

/** The runs of characters between white space, in order; each character of a script that is written without spaces. */
const words = (text: string): string[] => text.match(word) ?? [];
