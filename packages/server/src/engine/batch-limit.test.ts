import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchLimit, type BatchLimitOptions, measure } from './batch-limit.ts';

/** A model of which a run takes so long, and the sizes it was asked for. */
function model(milliseconds: (size: number) => number) {
  const sizes: number[] = [];
  let time = 0;
  return {
    sizes,
    now: () => time,
    run: async (size: number) => {
      sizes.push(size);
      time += milliseconds(size);
      return milliseconds(size);
    },
  };
}

describe('measuring', () => {
  it('doubles while an item still gets cheaper by a tenth', async () => {
    // 10 ms a run and 1 ms an item: an item takes 11, 6, 3.5, 2.25, 1.63, 1.31 and 1.16 ms.
    const { run, now, sizes } = model((size) => 10 + size);
    expect(await measure(run, { now })).toBe(64);
    expect(new Set(sizes)).toEqual(new Set([1, 2, 4, 8, 16, 32, 64]));
    const flattens = model((size) => 2 + size);
    expect(await measure(flattens.run, { now: flattens.now })).toBe(16);
  });

  it('goes on after a doubling that gains nothing', async () => {
    // Three layers of 4096².
    const times = new Map([
      [1, 9.3],
      [2, 9.6],
      [4, 10.9],
      [8, 21],
      [16, 27.8],
      [32, 48.6],
      [64, 96],
    ]);
    const { run, now } = model((size) => times.get(size) ?? NaN);
    expect(await measure(run, { now })).toBe(32);
  });

  it('takes the smaller of two that are nearly as good', async () => {
    const { run, now } = model((size) => Math.max(8, size));
    expect(await measure(run, { now })).toBe(8);
  });

  it('stays at one for a model that gains nothing', async () => {
    const { run, now, sizes } = model((size) => 5 * size);
    expect(await measure(run, { now })).toBe(1);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(1);
  });

  it('ends after a second, and begins no run that would take longer', async () => {
    const { run, now, sizes } = model((size) => 150 + size);
    expect(await measure(run, { now })).toBe(16);
    expect(Math.max(...sizes)).toBe(16);
    expect(now()).toBeLessThanOrEqual(1_000);
  });

  it('ends sooner for a small model, whose sizes have all had many turns', async () => {
    const { run, now, sizes } = model((size) => 0.05 + size / 1_000);
    expect(await measure(run, { now })).toBe(64);
    expect(sizes.length).toBe(7 * 50);
    expect(now()).toBeLessThan(100);
  });

  it('takes no more time than it is given', async () => {
    for (const budgetMs of [500, 1_000]) {
      const { run, now } = model((size) => 20 + 3 * size);
      await measure(run, { now, budgetMs });
      expect(now()).toBeLessThanOrEqual(budgetMs);
    }
  });

  it('is not led astray by a run that something else disturbed', async () => {
    let runs = 0;
    const { run, now } = model((size) => 10 + size);
    const disturbed = async (size: number): Promise<number> => (await run(size)) * (runs++ % 3 === 1 ? 4 : 1);
    expect(await measure(disturbed, { now })).toBe(64);
  });
});

describe('the limit', () => {
  let cacheDirectory: string;
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'portico-cache-'));
  });
  afterEach(async () => {
    await chmod(cacheDirectory, 0o700);
    await rm(cacheDirectory, { recursive: true });
  });

  const identity = ['dense', 'sha256', 'cpu', 1];
  const gains = () => model((size) => 10 + size);
  const limitOf = ({ run, now }: ReturnType<typeof gains>, others: Partial<BatchLimitOptions> = {}) =>
    batchLimit('measured', { run, now, cacheDirectory, identity, ...others });

  it('that is pinned is taken without a run', async () => {
    const { run, now, sizes } = gains();
    expect(await batchLimit(8, { run, now, cacheDirectory, identity })).toBe(8);
    expect(sizes).toEqual([]);
  });

  it('is measured once and then remembered', async () => {
    const first = await limitOf(gains());
    const again = gains();
    expect(await limitOf(again)).toBe(first);
    expect(again.sizes).toEqual([]);
  });

  it('is measured again for other weights, another device or other threads', async () => {
    await limitOf(gains());
    for (const other of [
      ['dense', 'other', 'cpu', 1],
      ['dense', 'sha256', 'cuda', 1],
      ['dense', 'sha256', 'cpu', 2],
    ]) {
      const measured = gains();
      await limitOf(measured, { identity: other });
      expect(measured.sizes).not.toEqual([]);
    }
  });

  it.each(['', 'null', '{"maxBatch":0}', '{"maxBatch":1e9}', '{"maxBatch":"8"}'])(
    'is measured again when what is remembered is %j',
    async (content) => {
      const expected = await limitOf(gains());
      const [file = ''] = await readdir(join(cacheDirectory, 'batch-limits'));
      await writeFile(join(cacheDirectory, 'batch-limits', file), content);
      expect(await limitOf(gains())).toBe(expected);
      expect(await readFile(join(cacheDirectory, 'batch-limits', file), 'utf8')).toBe(`{"maxBatch":${expected}}`);
    },
  );

  it('is found also where nothing can be written', async () => {
    // A file in the place of the folder stops root as well.
    const folder = join(cacheDirectory, 'file');
    await writeFile(folder, '');
    expect(await limitOf(gains(), { cacheDirectory: folder })).toBe(64);
    await chmod(cacheDirectory, 0o500);
    expect(await limitOf(gains())).toBe(64);
  });
});
