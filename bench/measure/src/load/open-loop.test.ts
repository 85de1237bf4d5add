import { expect, test } from 'vitest';
import { stubServer } from '../testing/stub-server.ts';
import { arrivals, openLoop } from './open-loop.ts';
import type { Sample } from './tally.ts';

const get = { method: 'GET', path: '/' } as const;
const check = (): undefined => undefined;

test('requests come at the rate, whether or not there are responses', async () => {
  await using server = await stubServer((_request, response) => void setTimeout(() => response.end(), 300));
  const options = { url: server.url, request: get, check, arrivals: 'constant', perSecond: 100, seconds: 0.5 } as const;
  const result = await openLoop(options);
  expect(result).toMatchObject({ sent: 50, good: 50, unsent: 0 });
  expect(result.peakInFlight).toBeGreaterThan(20);
});

test('latency counts from the moment a request was due, so a stall is seen by all who came during it', async () => {
  let stalledAt: number | undefined;
  await using server = await stubServer((_request, response) => {
    if (stalledAt === undefined) {
      // Server and generator share one event loop, which is blocked: nothing can be sent either.
      stalledAt = performance.now();
      while (performance.now() - stalledAt < 300);
    }
    response.end();
  });
  const samples: Sample[] = [];
  const observe = (sample: Sample): void => void samples.push(sample);
  const options = { url: server.url, request: get, check, observe } as const;
  const result = await openLoop({ ...options, arrivals: 'constant', perSecond: 100, seconds: 0.5 });
  const waited = samples.filter(({ dueAt, endedAt }) => endedAt - dueAt > 50);
  expect(waited.length).toBeGreaterThan(20);
  expect(samples.filter(({ sentAt, endedAt }) => endedAt - sentAt > 50).length).toBeLessThan(waited.length);
  expect(result.lag.max).toBeGreaterThan(200);
});

test('no request is sent before it is due', async () => {
  await using server = await stubServer((_request, response) => response.end());
  const samples: Sample[] = [];
  const observe = (sample: Sample): void => void samples.push(sample);
  const options = { url: server.url, request: get, check, observe } as const;
  await openLoop({ ...options, arrivals: 'poisson', perSecond: 300, seconds: 0.3 });
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.filter(({ dueAt, sentAt }) => sentAt < dueAt)).toEqual([]);
});

test('what is in flight is bounded; the rest is counted as unsent', async () => {
  await using server = await stubServer((_request, response) => void setTimeout(() => response.end(), 400));
  const options = { url: server.url, request: get, check, arrivals: 'constant', perSecond: 100, seconds: 0.2 } as const;
  expect(await openLoop({ ...options, maxInFlight: 5 })).toMatchObject({ sent: 5, unsent: 15, peakInFlight: 5 });
});

test('too many requests are refused', async () => {
  const options = { url: 'http://127.0.0.1:1', request: get, check, arrivals: 'constant' } as const;
  await expect(openLoop({ ...options, perSecond: 1e6, seconds: 60 })).rejects.toThrow(RangeError);
});

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
