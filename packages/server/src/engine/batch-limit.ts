import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface BatchLimitOptions {
  /** Runs a batch of `size` samples and resolves with its milliseconds. */
  readonly run: (size: number) => Promise<number>;
  readonly cacheDirectory: string;
  /** What the measured limit depends on: weights, device, threads. */
  readonly identity: readonly (string | number)[];
  /** In milliseconds. @default the system's clock */
  readonly now?: () => number;
}

const largestBatch = 64;
const budgetMs = 1_000;
/** A larger batch must save at least a tenth of the time an item takes. */
const worthwhile = 0.9;

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
 * Doubles while the time an item takes still improves by a tenth. Neighbours on the machine disturb single runs, so all
 * sizes are gone round until the second is over, and the fastest run of each counts.
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
  return steepestLimit(fastest);
}

/** The last size up to which each doubling was worthwhile. */
function steepestLimit(fastest: ReadonlyMap<number, number>): number {
  const each = (size: number): number => (fastest.get(size) ?? Infinity) / size;
  let limit = 1;
  while (each(2 * limit) <= each(limit) * worthwhile) limit *= 2;
  return limit;
}

const digest = (identity: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);

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
