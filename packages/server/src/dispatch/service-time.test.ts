import { describe, expect, it } from 'vitest';
import { type MeasuredRun, ServiceTime } from './service-time.ts';

const run = (milliseconds: number, more: Partial<MeasuredRun> = {}): MeasuredRun => ({
  milliseconds,
  inputs: 1,
  busyReplicas: 1,
  succeeded: true,
  ...more,
});

it('nothing is claimed before anything is known', () => {
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

  it('tell something of fewer, until fewer are measured', () => {
    const time = new ServiceTime();
    time.guess(10);
    for (let turn = 0; turn < 20; turn++) time.record(run(200, { busyReplicas: 2 }));
    expect(time.estimate(1)?.runMs).toBeGreaterThan(190);
  });
});

describe('a run without success', () => {
  it('that was short says nothing of how long an answer takes', () => {
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
