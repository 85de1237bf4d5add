import { z } from 'zod';
import { type MemoryPlace, recall, remember } from './remembered.ts';

export interface BatchLimitOptions {
  /** Runs a batch of `size` samples and resolves with its milliseconds. */
  readonly run: (size: number) => Promise<number>;
  readonly cacheDirectory: string;
  /** What the measured limit depends on: weights, device, threads, the version of ONNX Runtime. */
  readonly identity: readonly (string | number)[];
  /** Milliseconds that measuring may take, not counting its first run. @default 1000 */
  readonly budgetMs?: number | undefined;
  /** Called before it is measured, with what is going on, for people. */
  readonly report?: (detail: string) => void;
  /** A clock, in milliseconds. @default the system's */
  readonly now?: () => number;
}

const largestBatch = 64;
/** Runs of each size. A small model has had them in a fraction of the time, and there may be many such models. */
const enoughTurns = 50;
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
  options.report?.('measuring how many inputs a run should have');
  const maxBatch = await measure(options.run, options);
  await remember(place, { maxBatch });
  return maxBatch;
}

/**
 * The smallest batch that no larger one beats by a tenth of the time an item takes. Other processes disturb single runs, so all
 * sizes take turns for as long as there is time for a run of theirs and up to fifty times, and the fastest run of each counts.
 */
export async function measure(
  run: (size: number) => Promise<number>,
  { budgetMs = 1_000, now = () => performance.now() }: Pick<BatchLimitOptions, 'budgetMs' | 'now'> = {},
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
  for (let turn = 1, hasRun = true; hasRun && turn < enoughTurns; turn += 1) {
    hasRun = false;
    for (const [size, milliseconds] of fastest) {
      if (now() + milliseconds >= until) continue;
      await runOnce(size);
      hasRun = true;
    }
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
