import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface BatchLimitOptions {
  /** Runs a batch of `size` samples and resolves with its milliseconds. */
  readonly run: (size: number) => Promise<number>;
  readonly cacheDirectory: string;
  /** What the measured limit depends on: weights, device, threads. */
  readonly identity: readonly (string | number)[];
}

const largestBatch = 64;
const budgetMilliseconds = 1_000;
/** A larger batch must save at least a tenth of the time an item takes. */
const worthwhile = 0.9;

/** Most inputs in one run: as pinned, as remembered, or measured now. */
export async function batchLimit(setting: number | 'measured', options: BatchLimitOptions): Promise<number> {
  if (setting !== 'measured') return setting;
  const path = join(options.cacheDirectory, 'batch-limits', `${digest(options.identity)}.json`);
  const remembered = await recall(path);
  if (remembered !== undefined) return remembered;
  const limit = await measure(options.run);
  await remember(path, limit);
  return limit;
}

/** Doubles while the time an item takes still improves by a tenth, within a second. */
export async function measure(
  run: (size: number) => Promise<number>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const startedAt = now();
  const timeLeft = (): boolean => now() - startedAt < budgetMilliseconds;
  let limit = 1;
  let best = await perItem(run, 1);
  for (let size = 2; size <= largestBatch && timeLeft(); size *= 2) {
    const each = await perItem(run, size);
    if (each > best * worthwhile) break;
    best = each;
    limit = size;
  }
  return limit;
}

/** The faster of two runs, because the first one at a size also pays for its memory. */
async function perItem(run: (size: number) => Promise<number>, size: number): Promise<number> {
  return Math.min(await run(size), await run(size)) / size;
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
