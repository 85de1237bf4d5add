import { describe, expect, it } from 'vitest';
import { expectedWaitMilliseconds, type Load, refusal } from './admission.ts';

const quiet: Load = {
  model: 'ocr',
  ready: true,
  detail: 'starting',
  waiting: 0,
  maxQueue: 4,
  running: 0,
  readyReplicas: 2,
  serviceMilliseconds: 1_000,
};
const minute = 60_000;

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
    const full = { ...quiet, waiting: 4, running: 2 };
    expect(refusal(full, minute)).toMatchObject({
      reason: 'queue-full',
      failure: { code: 'OVERLOADED', retryAfterSeconds: 3 },
    });
    expect(refusal({ ...full, waiting: 3 }, minute)).toBeUndefined();
  });

  it('is refused when it would be too late', () => {
    const busy = { ...quiet, waiting: 2, running: 2 };
    expect(refusal(busy, 2_999)).toMatchObject({ reason: 'deadline', failure: { code: 'OVERLOADED' } });
    expect(refusal(busy, 3_000)).toBeUndefined();
  });

  it('is given its chance when nobody waits before it, however short its time', () => {
    expect(refusal({ ...quiet, running: 2 }, 1)).toBeUndefined();
  });

  it('is not refused on a guess that nobody has made yet', () => {
    expect(refusal({ ...quiet, waiting: 3, serviceMilliseconds: undefined }, 1)).toBeUndefined();
  });

  it('is never told to come back in less than a second', () => {
    const full = { ...quiet, waiting: 4, serviceMilliseconds: 1 };
    expect(refusal(full, minute)?.failure.retryAfterSeconds).toBe(1);
  });
});

it('the wait is shared by the replicas that are ready, and by one when none is at the moment', () => {
  const load = { ...quiet, waiting: 4, running: 2 };
  expect(expectedWaitMilliseconds(load)).toBe(3_000);
  expect(expectedWaitMilliseconds({ ...load, readyReplicas: 0 })).toBe(6_000);
});
