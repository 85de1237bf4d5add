import { expect, test } from 'vitest';
import { workingSize } from './working-size.ts';

test('leaves an original alone that is small enough', () => {
  expect(workingSize({ width: 40, height: 25 }, 1000)).toEqual({ width: 40, height: 25 });
});

test('keeps the proportions of a larger original', () => {
  expect(workingSize({ width: 8000, height: 4000 }, 8e6)).toEqual({ width: 4000, height: 2000 });
});

test('has no side over 30 000 pixels', () => {
  expect(workingSize({ width: 60_000, height: 40 }, 16e6)).toEqual({ width: 30_000, height: 20 });
  expect(workingSize({ width: 1, height: 65_535 }, 16e6)).toEqual({ width: 1, height: 30_000 });
});

test.each([
  { width: 1_000_000, height: 1 },
  { width: 1, height: 1_000_000 },
  { width: 90_001, height: 3 },
  { width: 1e5, height: 1e5 },
])('never has more pixels than asked for, nor none: $width × $height', (original) => {
  for (const limit of [1, 2, 999, 123_456]) {
    const { width, height } = workingSize(original, limit);
    expect(width * height).toBeLessThanOrEqual(limit);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
  }
});
