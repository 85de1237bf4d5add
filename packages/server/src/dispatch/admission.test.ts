import { describe, expect, it } from 'vitest';
import { expectedWaitMs, type Load, refusal } from './admission.ts';

const quiet: Load = {
  model: 'ocr',
  ready: true,
  detail: 'starting',
  waiting: 0,
  maxQueue: 4,
  readyReplicas: 2,
  runsFor: [],
  maxBatch: 1,
  service: { inputMs: 1_000, runMs: 1_000 },
};
const minute = 60_000;
const bothJustBegun = [0, 0];

describe('a request', () => {
  it('is let in when nothing is in its way', () => {
    expect(refusal(quiet, minute)).toBeUndefined();
  });

  it('is refused while the model is not ready, with the reason', () => {
    expect(refusal({ ...quiet, ready: false, detail: 'verifying weights' }, minute)).toMatchObject({
      reason: 'not-ready',
      failure: { code: 'NOT_READY', message: 'Model ocr is not ready: verifying weights', retryAfterSeconds: 2 },
    });
  });

  it('is refused when the queue is full, with the seconds the queue will take', () => {
    const full = { ...quiet, waiting: 4, runsFor: bothJustBegun };
    expect(refusal(full, minute)).toMatchObject({
      reason: 'queue-full',
      failure: { code: 'OVERLOADED', retryAfterSeconds: 3 },
    });
    expect(refusal({ ...full, waiting: 3 }, minute)).toBeUndefined();
  });

  it('is refused when it would be too late, with a quarter more of the time that is expected', () => {
    const busy = { ...quiet, waiting: 2, runsFor: bothJustBegun };
    expect(refusal(busy, 3_749)).toMatchObject({ reason: 'deadline', failure: { code: 'OVERLOADED' } });
    expect(refusal(busy, 3_750)).toBeUndefined();
  });

  it('is refused when it would be too late behind what runs, though nobody waits', () => {
    const busy = { ...quiet, runsFor: bothJustBegun };
    expect(refusal(busy, 1_500)).toMatchObject({ reason: 'deadline', failure: { retryAfterSeconds: 1 } });
    expect(refusal(busy, 2_500)).toBeUndefined();
  });

  it('is given its chance when a replica is free, however short its time', () => {
    expect(refusal({ ...quiet, runsFor: [0] }, 1)).toBeUndefined();
  });

  it('is not refused on a guess that nobody has made yet', () => {
    expect(refusal({ ...quiet, waiting: 3, service: undefined }, 1)).toBeUndefined();
  });

  it('is never told to come back in less than a second', () => {
    const full = { ...quiet, waiting: 4, service: { inputMs: 1, runMs: 1 } };
    expect(refusal(full, minute)?.failure.retryAfterSeconds).toBe(1);
  });
});

describe('the expected wait', () => {
  it('is shared by the replicas that are ready, and falls to one when none is at the moment', () => {
    const load = { ...quiet, waiting: 4, runsFor: bothJustBegun };
    expect(expectedWaitMs(load)).toBe(3_000);
    expect(expectedWaitMs({ ...load, readyReplicas: 0, runsFor: [] })).toBe(4_000);
  });

  it('is shorter by what has been done of the runs', () => {
    expect(expectedWaitMs({ ...quiet, waiting: 4, runsFor: [400, 800] })).toBe(2_400);
  });

  it('expects the end at any moment of a run that has taken longer than others', () => {
    expect(expectedWaitMs({ ...quiet, waiting: 4, runsFor: [0, 5_000] })).toBe(2_500);
  });

  it('counts full runs only: a request joins what does not fill one', () => {
    const batching = { ...quiet, readyReplicas: 1, maxBatch: 4, runsFor: [0] };
    const service = { inputMs: 50, runMs: 200 };
    const behind = (waiting: number): number => expectedWaitMs({ ...batching, waiting, service });
    expect([0, 3, 4, 7, 8].map(behind)).toEqual([200, 200, 400, 400, 600]);
  });
});
