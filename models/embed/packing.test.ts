import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRows, type RunCost } from './packing.ts';

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
