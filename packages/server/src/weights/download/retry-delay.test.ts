import { expect, it } from 'vitest';
import { usualPatience } from './patience.ts';
import { retryAfter, retryDelay } from './retry-delay.ts';

const latest = () => 0;
const earliest = () => 1;
const now = Date.parse('2026-01-01T00:00:00Z');

it('each wait is twice the one before, up to the longest', () => {
  const waits = [1, 2, 3, 4, 20].map((failures) => retryDelay(failures, 0, usualPatience, latest));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
});

it('up to half of it is taken off at random', () => {
  expect(retryDelay(3, 0, usualPatience, earliest)).toBe(2_000);
});

it('a server may ask for more, within reason', () => {
  expect(retryDelay(1, 30_000, usualPatience, latest)).toBe(30_000);
  expect(retryDelay(3, 100, usualPatience, latest)).toBe(4_000);
  expect(retryDelay(1, 1e9, usualPatience, latest)).toBe(60_000);
});

it.each([
  [undefined, 0],
  ['7', 7_000],
  ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
  ['Thu, 01 Jan 2025 00:00:09 GMT', 0],
  ['soon', 0],
  ['-3', 0],
])('Retry-After: %s is %i ms', (header, milliseconds) => {
  expect(retryAfter(header, now)).toBe(milliseconds);
});
