import type { Means, Score } from './score.ts';

/** Means over some images. */
export const means = (scores: readonly Score[]): Means => ({
  images: scores.length,
  characterErrorRate: mean(scores.map((score) => score.characterErrorRate)),
  wordErrorRate: mean(scores.map((score) => score.wordErrorRate)),
  wordRecall: mean(scores.map((score) => score.wordRecall)),
  milliseconds: mean(scores.map((score) => score.milliseconds)),
});

/** Means of each category, in the order in which they first come. */
export function meansByCategory(scores: readonly Score[]): Readonly<Record<string, Means>> {
  const categories = [...new Set(scores.map(({ category }) => category))];
  return Object.fromEntries(
    categories.map((category) => [category, means(scores.filter((score) => score.category === category))]),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
