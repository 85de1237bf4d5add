import { expect, test } from 'vitest';
import { judge, medianInterval } from './interval.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

test.each([
  [5, undefined],
  [6, { low: 1, high: 6 }],
  [8, { low: 1, high: 8 }],
  [9, { low: 2, high: 8 }],
  [12, { low: 3, high: 10 }],
  [20, { low: 6, high: 15 }],
])('the interval of %d values has the ranks that tables of the sign test list', (count, interval) => {
  expect(medianInterval(upTo(count))).toEqual(interval);
});

test.each([
  [undefined, 'open'],
  [{ low: 0.98, high: 1.04 }, 'passed'],
  [{ low: 0.98, high: 1.3 }, 'open'],
  [{ low: 1.11, high: 1.3 }, 'failed'],
] as const)('%o is %s at a bound of 1.1', (interval, verdict) => {
  expect(judge(interval, 1.1)).toBe(verdict);
});

test('a machine that disturbs one round in five fails nothing', () => {
  const ratios = Array.from({ length: 20 }, (_, round) => (round % 5 === 0 ? 3 : 1 + round / 1_000));
  expect(judge(medianInterval(ratios), 1.1)).toBe('passed');
});
