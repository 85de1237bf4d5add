import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRows, padTokens, runByLength, type RunCost } from './run-by-length.ts';

const cpu: RunCost = { budget: 512, overhead: 8 };
const anyLength = fc.integer({ min: 2, max: 600 });
const anyCost = fc.record({ budget: fc.integer({ min: 1, max: 2_000 }), overhead: fc.integer({ min: 0, max: 100 }) });

const longest = (run: readonly number[], lengths: readonly number[]): number =>
  Math.max(...run.map((place) => lengths[place] ?? NaN));
const tokens = (runs: readonly number[][], lengths: readonly number[]): number =>
  runs.reduce((sum, run) => sum + run.length * longest(run, lengths), 0);
const sum = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

/** What the best of all ways to cut the sorted rows costs. */
function leastOf(sorted: readonly number[], { budget, overhead }: RunCost): number {
  if (sorted.length === 0) return 0;
  const costs = sorted.map((_, index) => {
    const first = sorted.slice(0, index + 1);
    const padded = first.length * Math.max(...first);
    if (first.length > 1 && padded > budget) return Infinity;
    return overhead + padded + leastOf(sorted.slice(index + 1), { budget, overhead });
  });
  return Math.min(...costs);
}

test('rows of like lengths run together, up to the budget', () => {
  expect(packRows([10, 200, 11, 12, 195], cpu)).toEqual([
    [0, 2, 3],
    [4, 1],
  ]);
  expect(packRows([], cpu)).toEqual([]);
  expect(
    packRows(
      Array.from({ length: 6 }, () => 256),
      cpu,
    ),
  ).toHaveLength(3);
});

describe('whatever the rows and costs', () => {
  const anyRows = fc.array(anyLength, { maxLength: 60 });

  test('each row is in exactly one run', () => {
    fc.assert(
      fc.property(anyRows, anyCost, (lengths, cost) => {
        const places = packRows(lengths, cost).flat();
        expect(places.toSorted((one, other) => one - other)).toEqual([...lengths.keys()]);
      }),
    );
  });

  test('no run is over the budget but that of one row, and none is empty', () => {
    fc.assert(
      fc.property(anyRows, anyCost, (lengths, cost) => {
        for (const run of packRows(lengths, cost)) {
          expect(run.length).toBeGreaterThan(0);
          const tokens = run.length * longest(run, lengths);
          expect(tokens).toBeLessThanOrEqual(run.length === 1 ? tokens : cost.budget);
        }
      }),
    );
  });

  test('padding costs less than the runs that it saves', () => {
    fc.assert(
      fc.property(anyRows, anyCost, (lengths, cost) => {
        const runs = packRows(lengths, cost);
        const saved = cost.overhead * (lengths.length - runs.length);
        expect(tokens(runs, lengths) - sum(lengths)).toBeLessThanOrEqual(saved);
      }),
    );
  });

  test('no other cut of the sorted rows costs less', () => {
    fc.assert(
      fc.property(fc.array(anyLength, { maxLength: 9 }), anyCost, (lengths, cost) => {
        const runs = packRows(lengths, cost);
        const sorted = lengths.toSorted((one, other) => one - other);
        expect(tokens(runs, lengths) + cost.overhead * runs.length).toBe(leastOf(sorted, cost));
      }),
    );
  });
});

describe('running rows by their length', () => {
  const never = new AbortController().signal;

  test('gives each row its own output, whatever runs with it', async () => {
    const anyRow = fc.array(fc.nat(), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 60 }), anyCost, async (rows, cost) => {
        const outputs = await runByLength(rows, { cost, signal: never, run: async (rows) => rows.map(String) });
        expect(outputs).toEqual(rows.map(String));
      }),
    );
  });

  test('ends between two runs once no client waits', async () => {
    const client = new AbortController();
    let runs = 0;
    const run = async (rows: readonly string[]): Promise<readonly string[]> => {
      runs += 1;
      client.abort();
      return rows;
    };
    const rows = ['short', 'l'.repeat(400), 'o'.repeat(400)];
    await expect(runByLength(rows, { cost: cpu, signal: client.signal, run })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(runs).toBe(1);
  });

  test('is a defect if a run returns more or fewer outputs than rows', async () => {
    const run = async (): Promise<number[]> => [1];
    await expect(runByLength(['a', 'b'], { cost: cpu, signal: never, run })).rejects.toThrow('1 outputs for 2 rows');
  });
});

test('rows of tokens are padded to the longest, and padding is masked', () => {
  const { ids, mask, longest } = padTokens([[7, 8, 9], [5], []]);
  expect([longest, ids.dims, mask.dims]).toEqual([3, [3, 3], [3, 3]]);
  expect(ids.data).toEqual(BigInt64Array.of(7n, 8n, 9n, 5n, 0n, 0n, 0n, 0n, 0n));
  expect(mask.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n, 0n, 0n, 0n, 0n, 0n));
});
