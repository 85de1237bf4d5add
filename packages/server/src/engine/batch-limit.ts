import { z } from 'zod';
import { type MemoryPlace, recall, remember } from './remembered.ts';

export interface BatchLimitOptions {
  /** Runs a batch of `size` samples and resolves with its milliseconds. */
  readonly run: (size: number) => Promise<number>;
  readonly cacheDirectory: string;
  /** What the measured limit depends on: weights, device, threads. */
  readonly identity: readonly (string | number)[];
  /** A clock, in milliseconds. @default the system's */
  readonly now?: () => number;
}

const largestBatch = 64;
const budgetMs = 1_000;
/** A larger batch must save at least a tenth of the time an item takes. */
const worthwhile = 0.9;
/** Version of the rule that finds the limit: one that another rule has found is measured again. */
const ruleVersion = 2;
const Finding = z.object({ maxBatch: z.int().min(1).max(largestBatch) });

/** Most inputs in one run: as pinned, as remembered, or measured now. */
export async function batchLimit(setting: number | 'measured', options: BatchLimitOptions): Promise<number> {
  if (setting !== 'measured') return setting;
  const { cacheDirectory, identity } = options;
  const place: MemoryPlace = { cacheDirectory, folder: 'batch-limits', identity: [ruleVersion, ...identity] };
  const remembered = await recall(place, Finding);
  if (remembered !== undefined) return remembered.maxBatch;
  const maxBatch = await measure(options.run, options.now);
  await remember(place, { maxBatch });
  return maxBatch;
}

/**
 * The smallest batch that no larger one beats by a tenth of the time an item takes. Other processes disturb single runs, so all
 * sizes take turns until the second is over, and the fastest run of each counts.
 */
export async function measure(
  run: (size: number) => Promise<number>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const until = now() + budgetMs;
  const fastest = new Map<number, number>();
  const runOnce = async (size: number): Promise<number> => {
    const milliseconds = await run(size);
    fastest.set(size, Math.min(milliseconds, fastest.get(size) ?? Infinity));
    return milliseconds;
  };
  // Climbs as far as a run of twice the size still fits into what is left.
  let last = await runOnce(1);
  for (let size = 2; size <= largestBatch && now() + 2 * last < until; size *= 2) last = await runOnce(size);
  while (now() < until) {
    for (const size of fastest.keys()) if (now() < until) await runOnce(size);
  }
  return smallestWorthwhile(fastest);
}

/**
 * A doubling that gains nothing does not end the search: with three layers of 4096² an item takes 9.3 ms alone, 2.7 in a batch of
 * four, 2.6 of eight, and 1.7 of sixteen.
 */
function smallestWorthwhile(fastest: ReadonlyMap<number, number>): number {
  const each = [...fastest].map(([size, milliseconds]) => ({ size, milliseconds: milliseconds / size }));
  const least = Math.min(...each.map(({ milliseconds }) => milliseconds));
  const enough = each.filter(({ milliseconds }) => milliseconds * worthwhile <= least);
  return Math.min(...enough.map(({ size }) => size));
}
