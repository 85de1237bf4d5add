import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Most inputs in one run: as pinned, as remembered, or measured now. */
export async function batchLimit(setting: number | 'measured', options: BatchLimitOptions): Promise<number> {
  if (setting !== 'measured') return setting;
  const path = join(options.cacheDirectory, 'batch-limits', `${digest(options.identity)}.json`);
  const remembered = await recall(path);
  if (remembered !== undefined) return remembered;
  const limit = await measure(options.run, options.now);
  await remember(path, limit);
  return limit;
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

const digest = (identity: readonly (string | number)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([ruleVersion, ...identity]))
    .digest('hex')
    .slice(0, 32);

async function recall(path: string): Promise<number | undefined> {
  try {
    const { maxBatch } = JSON.parse(await readFile(path, 'utf8')) as { maxBatch?: unknown };
    return Number.isInteger(maxBatch) && Number(maxBatch) >= 1 && Number(maxBatch) <= largestBatch
      ? Number(maxBatch)
      : undefined;
  } catch {
    // Nothing remembered, or unreadable: it is measured again.
    return undefined;
  }
}

/** A cache that cannot be written costs a second at the next start, nothing more. */
async function remember(path: string, maxBatch: number): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(temporary, JSON.stringify({ maxBatch }));
    await rename(temporary, path);
  } catch {
    // Read-only file systems are common in containers.
  }
}
