import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

/** A limit on a clock that stands still until the test moves it. */
function limitOf(perSecond: number, burst: number) {
  const clock = { now: 0 };
  return { clock, limit: new RateLimit({ perSecond, burst }, () => clock.now) };
}
const refusal = (retryAfterSeconds: number) => expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds });

it('a client may send a burst, then as many requests as the rate allows', () => {
  const { clock, limit } = limitOf(10, 3);
  for (let request = 0; request < 3; request++) limit.take('one', 1);
  expect(() => limit.take('one', 1)).toThrow(refusal(1));
  clock.now = 100;
  limit.take('one', 1);
  expect(() => limit.take('one', 1)).toThrow(refusal(1));
  clock.now = 10_000;
  for (let request = 0; request < 3; request++) limit.take('one', 1);
  expect(() => limit.take('one', 1)).toThrow(refusal(1));
});

it('a refusal says when a request would be accepted, and costs nothing', () => {
  const { clock, limit } = limitOf(0.25, 1);
  limit.take('one', 1);
  for (let request = 0; request < 100; request++) expect(() => limit.take('one', 1)).toThrow(refusal(4));
  clock.now = 1_500;
  expect(() => limit.take('one', 1)).toThrow(refusal(3));
  clock.now = 4_000;
  limit.take('one', 1);
});

it('clients have a bucket each', () => {
  const { limit } = limitOf(1, 1);
  limit.take('one', 1);
  limit.take('other', 1);
  expect(() => limit.take('one', 1)).toThrow(refusal(1));
});

it('several calls in one request count as several, and more than a burst pass when the bucket is full and are paid off later', () => {
  const { clock, limit } = limitOf(10, 5);
  limit.take('one', 3);
  expect(() => limit.take('one', 3)).toThrow(refusal(1));
  clock.now = 300;
  limit.take('one', 20);
  clock.now = 1_800;
  expect(() => limit.take('one', 1)).toThrow(refusal(1));
  clock.now = 1_900;
  limit.take('one', 1);
});

it('items that are counted after they were accepted delay the next request', () => {
  const { clock, limit } = limitOf(10, 5);
  limit.take('one', 1);
  limit.charge('one', 31);
  expect(() => limit.take('one', 1)).toThrow(refusal(3));
  clock.now = 2_800;
  limit.take('one', 1);
});

it('the table forgets full buckets, and is bounded while none is full', () => {
  const { clock, limit } = limitOf(1, 10);
  for (let client = 0; client < 1_000; client++) limit.take(`early ${client}`, 1);
  clock.now = 1_000;
  for (let client = 0; client < 500; client++) limit.take(`late ${client}`, 1);
  expect(limit.size).toBeLessThanOrEqual(1_000);
  for (let client = 0; client < 300_000; client++) limit.take(`flood ${client}`, 1);
  expect(limit.size).toBeLessThanOrEqual(100_001);
});
