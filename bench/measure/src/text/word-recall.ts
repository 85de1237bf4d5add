import { words } from './words.ts';

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
