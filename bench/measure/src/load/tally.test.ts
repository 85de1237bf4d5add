import { expect, test } from 'vitest';
import { Latencies } from './tally.ts';

test('percentiles are right to three digits', () => {
  const latencies = new Latencies();
  for (let milliseconds = 1; milliseconds <= 1_000; milliseconds += 1) latencies.record(milliseconds);
  const { count, p50, p90, p99, p999, max } = latencies.summary();
  expect(count).toBe(1_000);
  for (const [value, expected] of [
    [p50, 500],
    [p90, 900],
    [p99, 990],
    [p999, 999],
    [max, 1_000],
  ] as const) {
    expect(Math.abs(value / expected - 1)).toBeLessThan(0.002);
  }
});

test('nothing recorded is zero, and nothing is too short or too long to be recorded', () => {
  const latencies = new Latencies();
  expect(latencies.summary()).toMatchObject({ count: 0, max: 0 });
  latencies.record(-1);
  latencies.record(1e12);
  expect(latencies.summary().count).toBe(2);
});
