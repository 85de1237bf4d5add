import { expect, it } from 'vitest';
import { ServiceTime } from './service-time.ts';

it('nothing is claimed before anything is known', () => {
  expect(new ServiceTime().milliseconds).toBeUndefined();
});

it('the first guess counts until runs are measured, and no later guess does', () => {
  const time = new ServiceTime();
  time.guess(100);
  time.guess(500);
  expect(time.milliseconds).toBe(100);
});

it('a run counts by what one of its inputs took', () => {
  const time = new ServiceTime();
  time.record(80, 8);
  expect(time.milliseconds).toBe(10);
});

it('a change is followed within about ten runs', () => {
  const time = new ServiceTime();
  time.guess(100);
  for (let run = 0; run < 10; run++) time.record(10, 1);
  expect(time.milliseconds).toBeLessThan(20);
  time.record(1_000, 1);
  expect(time.milliseconds).toBeLessThan(250);
});
