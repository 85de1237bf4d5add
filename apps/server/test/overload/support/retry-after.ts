import type { Entry } from './journal.ts';

export interface RetryAfterReport {
  /** Refusals that came while something had been accepted before. */
  readonly judged: number;
  /** Those whose Retry-After was within a factor of two of the time the queue really took. */
  readonly truthful: number;
  readonly meanPromisedSeconds: number;
  readonly meanRealSeconds: number;
}

const factor = 2;

/**
 * Compares what each refusal promised with what the queue took from then on: until the last request that was accepted
 * before it had its answer.
 */
export function judgeRetryAfter(entries: readonly Entry[]): RetryAfterReport {
  const accepted = entries.filter(({ outcome }) => outcome === '200').toSorted(bySending);
  const refused = entries.filter(({ retryAfterSeconds }) => retryAfterSeconds !== undefined).toSorted(bySending);
  const pairs: { readonly promised: number; readonly real: number }[] = [];
  let before = 0;
  let drainedAt = 0;
  for (const { sentAt, endedAt, retryAfterSeconds = 0 } of refused) {
    for (; (accepted[before]?.sentAt ?? Number.POSITIVE_INFINITY) < sentAt; before++) {
      drainedAt = Math.max(drainedAt, accepted[before]?.endedAt ?? 0);
    }
    if (before > 0) pairs.push({ promised: retryAfterSeconds, real: Math.max(0, drainedAt - endedAt) / 1_000 });
  }
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / Math.max(1, pairs.length);
  return {
    judged: pairs.length,
    truthful: pairs.filter(({ promised, real }) => isTruthful(promised, real)).length,
    meanPromisedSeconds: mean(({ promised }) => promised),
    meanRealSeconds: mean(({ real }) => real),
  };
}

/** Whole seconds are rounded up, so a promise may be up to one too long. */
const isTruthful = (promised: number, real: number): boolean =>
  promised >= real / factor && promised - 1 <= real * factor;

const bySending = (one: Entry, other: Entry): number => one.sentAt - other.sentAt;
