import { expect, test } from 'vitest';
import { median, quantile } from './statistics.ts';

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(median([9, 1, 100])).toBe(9);
});

test.each([
  [0, 1],
  [0.5, 50],
  [0.99, 99],
  [1, 100],
])('the %d quantile of 1 to 100 is %d', (share, expected) => {
  expect(
    quantile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      share,
    ),
  ).toBe(expected);
});

test('of nothing it is 0', () => {
  expect(median([])).toBe(0);
});
