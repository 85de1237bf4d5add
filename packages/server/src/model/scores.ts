/** A score, and the place it has among the scores, which is its class. */
export interface RankedScore {
  readonly index: number;
  readonly score: number;
}

/** Probabilities of logits: each above 0, together 1. Infinite and huge logits do not overflow. */
export function softmax(logits: ArrayLike<number>): Float32Array {
  const values = Float32Array.from(logits);
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  // All of them -Infinity, or one Infinity: the difference to itself is 0, not NaN.
  const powers = values.map((value) => (value === highest ? 1 : Math.exp(value - highest)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The probability of one logit by itself, 0 to 1: for classes of which several may be true. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/**
 * The highest scores, the highest first; of equal ones the earlier.
 *
 * @param count how many at most
 */
export function highestScores(scores: ArrayLike<number>, count: number): RankedScore[] {
  const ranked = Array.from(scores, (score, index) => ({ index, score }));
  return ranked.sort((a, b) => b.score - a.score || a.index - b.index).slice(0, count);
}
