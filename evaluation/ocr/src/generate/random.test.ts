import { expect, test } from 'vitest';
import { normalNumbers, randomNumbers } from './random.ts';

test('draws the same numbers for the same seed', () => {
  const [first, second] = [randomNumbers(7), randomNumbers(7)];
  expect([first(), first(), first()]).toEqual([second(), second(), second()]);
  expect(randomNumbers(8)()).not.toBe(randomNumbers(7)());
});

test('draws around 0 with a deviation of 1', () => {
  const normal = normalNumbers(1);
  const drawn = Array.from({ length: 10_000 }, normal);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});
