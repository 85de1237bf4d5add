/** A confidence interval of a median. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a comparison has shown so far: that the loss is small enough, that it is too large, or neither. */
export type Verdict = 'passed' | 'failed' | 'open';

/**
 * The interval that contains the median of the distribution of the values with this confidence, whatever that distribution:
 * two of the values, by rank. Undefined for too few values: fewer than 6 for 0.95.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): Interval | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const count = sorted.length;
  // The probability that the median lies below the value of rank k is that of fewer than k heads among `count` fair coins.
  const maxTail = (1 - confidence) / 2;
  let tail = 0;
  let rank = 0;
  for (let heads = 0, chance = 0.5 ** count; heads < count / 2; heads += 1) {
    tail += chance;
    if (tail > maxTail) break;
    rank = heads + 1;
    chance *= (count - heads) / (heads + 1);
  }
  const [low, high] = [sorted[rank - 1], sorted[count - rank]];
  return rank === 0 || low === undefined || high === undefined ? undefined : { low, high };
}

/** Judges ratios of which more is worse. An interval fails only if it lies beyond the bound as a whole. */
export function judge(interval: Interval | undefined, maxRatio: number): Verdict {
  if (interval === undefined) return 'open';
  if (interval.low > maxRatio) return 'failed';
  return interval.high <= maxRatio ? 'passed' : 'open';
}
