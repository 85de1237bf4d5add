import { describe, expect, it } from 'vitest';
import { checkAdmission, expectedQueueMs, type Load, type MeasuredRun, ServiceTime } from './admission.ts';

const quiet: Load = {
  model: 'ocr',
  ready: true,
  detail: 'starting',
  pending: 0,
  ahead: 0,
  maxQueue: 4,
  others: 'none',
  readyReplicas: 2,
  elapsedMs: [],
  maxBatchSize: 1,
  service: { inputMs: 1_000, runMs: 1_000 },
};
const minute = 60_000;
const bothJustBegun = [0, 0];

describe('a request', () => {
  it('is admitted when nothing is in its way', () => {
    expect(checkAdmission(quiet, minute)).toBeUndefined();
  });

  it('is rejected while the model is not ready, with the reason', () => {
    expect(checkAdmission({ ...quiet, ready: false, detail: 'verifying weights' }, minute)).toMatchObject({
      reason: 'not-ready',
      failure: { code: 'NOT_READY', message: 'Model ocr is not ready: verifying weights.', retryAfterSeconds: 2 },
    });
  });

  it('is rejected when the queue is full, with the seconds that the queue will take', () => {
    const full = { ...quiet, pending: 4, ahead: 4, elapsedMs: bothJustBegun };
    expect(checkAdmission(full, minute)).toMatchObject({
      reason: 'queue-full',
      failure: { code: 'OVERLOADED', retryAfterSeconds: 3 },
    });
    expect(checkAdmission({ ...full, pending: 3, ahead: 3 }, minute)).toBeUndefined();
  });

  it('is RATE_LIMITED in a full queue where others wait too, and takes the place of one that has more than its share', () => {
    const full = { ...quiet, pending: 4, ahead: 4, elapsedMs: bothJustBegun };
    expect(checkAdmission({ ...full, others: 'waiting' }, minute)).toMatchObject({
      reason: 'over-share',
      failure: { code: 'RATE_LIMITED', retryAfterSeconds: 3 },
    });
    expect(checkAdmission({ ...full, others: 'greedier' }, minute)).toBeUndefined();
  });

  it('waits for what is served before it only: a queue full of others is no reason to expect it too late', () => {
    const busy = { ...quiet, pending: 3, ahead: 0, elapsedMs: bothJustBegun };
    expect(checkAdmission(busy, 2_500)).toBeUndefined();
    expect(checkAdmission({ ...busy, ahead: 3 }, 2_500)).toMatchObject({ reason: 'deadline' });
  });

  it('is rejected when it would be too late, with a quarter more of the time that is expected', () => {
    const busy = { ...quiet, pending: 2, ahead: 2, elapsedMs: bothJustBegun };
    expect(checkAdmission(busy, 3_749)).toMatchObject({ reason: 'deadline', failure: { code: 'OVERLOADED' } });
    expect(checkAdmission(busy, 3_750)).toBeUndefined();
  });

  it('is rejected when it would be too late behind what runs, though nothing is pending', () => {
    const busy = { ...quiet, elapsedMs: bothJustBegun };
    expect(checkAdmission(busy, 1_500)).toMatchObject({ reason: 'deadline', failure: { retryAfterSeconds: 1 } });
    expect(checkAdmission(busy, 2_500)).toBeUndefined();
  });

  it('is admitted when a replica is free, however short its time', () => {
    expect(checkAdmission({ ...quiet, elapsedMs: [0] }, 1)).toBeUndefined();
  });

  it('is not rejected on an estimate that does not exist yet', () => {
    expect(checkAdmission({ ...quiet, pending: 3, ahead: 3, service: undefined }, 1)).toBeUndefined();
  });

  it('is never asked to come back in less than a second', () => {
    const full = { ...quiet, pending: 4, ahead: 4, service: { inputMs: 1, runMs: 1 } };
    expect(checkAdmission(full, minute)?.failure.retryAfterSeconds).toBe(1);
  });
});

describe('the expected queue time', () => {
  it('is shared by the replicas that are ready, and falls to one when none is at the moment', () => {
    const load = { ...quiet, pending: 4, ahead: 4, elapsedMs: bothJustBegun };
    expect(expectedQueueMs(load)).toBe(3_000);
    expect(expectedQueueMs({ ...load, readyReplicas: 0, elapsedMs: [] })).toBe(4_000);
  });

  it('is shorter by what has been done of the runs', () => {
    expect(expectedQueueMs({ ...quiet, ahead: 4, elapsedMs: [400, 800] })).toBe(2_400);
  });

  it('expects the end at any moment of a run that has taken longer than others', () => {
    expect(expectedQueueMs({ ...quiet, ahead: 4, elapsedMs: [0, 5_000] })).toBe(2_500);
  });

  it('counts full runs only: a request joins what does not fill one', () => {
    const batching = { ...quiet, readyReplicas: 1, maxBatchSize: 4, elapsedMs: [0] };
    const service = { inputMs: 50, runMs: 200 };
    const behind = (pending: number): number => expectedQueueMs({ ...batching, ahead: pending, service });
    expect([0, 3, 4, 7, 8].map(behind)).toEqual([200, 200, 400, 400, 600]);
  });
});

const run = (milliseconds: number, more: Partial<MeasuredRun> = {}): MeasuredRun => ({
  milliseconds,
  inputs: 1,
  busyReplicas: 1,
  succeeded: true,
  ...more,
});

it('service time is not estimated before anything is known', () => {
  expect(new ServiceTime().estimate(1)).toBeUndefined();
});

it('the first guess counts until runs are measured, and no later guess does', () => {
  const time = new ServiceTime();
  time.guess(100);
  time.guess(500);
  expect(time.estimate(1)).toMatchObject({ inputMs: 100, runMs: 100 });
  time.record(run(50));
  time.record(run(50));
  expect(time.estimate(1)?.runMs).toBeLessThan(70);
});

it('the inputs of a run share its cost, and each of them waits for its end', () => {
  const time = new ServiceTime();
  time.record(run(80, { inputs: 8 }));
  expect(time.estimate(1)).toMatchObject({ inputMs: 10, runMs: 80 });
});

it('a change is followed within about ten runs', () => {
  const time = new ServiceTime();
  for (let turn = 0; turn < 50; turn++) time.record(run(100));
  for (let turn = 0; turn < 10; turn++) time.record(run(10));
  expect(time.estimate(1)?.runMs).toBeLessThan(20);
  time.record(run(1_000));
  expect(time.estimate(1)?.runMs).toBeLessThan(250);
});

describe('replicas that slow each other down', () => {
  it('are expected to do so again, however many runs there were alone in between', () => {
    const time = new ServiceTime();
    for (let turn = 0; turn < 20; turn++) time.record(run(200, { busyReplicas: 2 }));
    for (let turn = 0; turn < 50; turn++) time.record(run(100));
    expect(time.estimate(1)?.runMs).toBeCloseTo(100);
    expect(time.estimate(2)?.runMs).toBeCloseTo(200);
  });

  it('are found out within a few runs', () => {
    const time = new ServiceTime();
    for (let turn = 0; turn < 50; turn++) time.record(run(100));
    expect(time.estimate(2)?.runMs).toBeCloseTo(100);
    for (let turn = 0; turn < 3; turn++) time.record(run(200, { busyReplicas: 2 }));
    expect(time.estimate(2)?.runMs).toBeGreaterThanOrEqual(170);
  });

  it('give an estimate for fewer, until fewer are measured', () => {
    const time = new ServiceTime();
    time.guess(10);
    for (let turn = 0; turn < 20; turn++) time.record(run(200, { busyReplicas: 2 }));
    expect(time.estimate(1)?.runMs).toBeGreaterThan(190);
  });
});

describe('a run without success', () => {
  it('that was short says nothing of how long a result takes', () => {
    const time = new ServiceTime();
    time.guess(100);
    for (let turn = 0; turn < 50; turn++) time.record(run(1, { succeeded: false }));
    expect(time.estimate(1)?.runMs).toBe(100);
  });

  it('that was long keeps others waiting like any other', () => {
    const time = new ServiceTime();
    time.guess(100);
    for (let turn = 0; turn < 50; turn++) time.record(run(1_000, { succeeded: false }));
    expect(time.estimate(1)?.runMs).toBeGreaterThan(900);
  });

  it('is no first measurement', () => {
    const time = new ServiceTime();
    time.record(run(1, { succeeded: false }));
    expect(time.estimate(1)).toBeUndefined();
  });
});
