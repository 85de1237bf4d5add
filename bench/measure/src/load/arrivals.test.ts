import { expect, test } from 'vitest';
import { arrivals } from './arrivals.ts';

test('constant arrivals are evenly spaced, from the start to the end', () => {
  expect([...arrivals('constant', 4, 1)]).toEqual([0, 250, 500, 750]);
});

test('constant arrivals do not drift', () => {
  expect([...arrivals('constant', 3, 1_000)]).toHaveLength(3_000);
});

test('poisson arrivals have exponential gaps: as many in all, as spread as their mean', () => {
  let state = 1;
  // The minimal standard generator of Park and Miller, so that the test is the same every time.
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const times = [...arrivals('poisson', 100, 100, random)];
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(mean).toBeCloseTo(10, 0);
  expect(deviation / mean).toBeCloseTo(1, 1);
});
