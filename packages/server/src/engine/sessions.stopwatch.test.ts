import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stopwatch } from './sessions.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const pass = (milliseconds: number): number => {
  vi.advanceTimersByTime(milliseconds);
  return performance.now();
};

/** A session that takes so long. */
function session(stopwatch: Stopwatch, milliseconds: number): void {
  const startedAt = performance.now();
  stopwatch.sessionRan(startedAt, pass(milliseconds));
}

it('what comes before the first session is decoding, what comes between and after is postprocessing', () => {
  const stopwatch = new Stopwatch();
  stopwatch.start();
  pass(5);
  session(stopwatch, 20);
  pass(3);
  session(stopwatch, 30);
  pass(2);
  expect(stopwatch.read()).toEqual({ decode: 5, inference: 50, postprocess: 5 });
});

it('a run without a session is all decoding', () => {
  const stopwatch = new Stopwatch();
  stopwatch.start();
  pass(7);
  expect(stopwatch.read()).toEqual({ decode: 7, inference: 0, postprocess: 0 });
});

it('a run begins at zero', () => {
  const stopwatch = new Stopwatch();
  stopwatch.start();
  session(stopwatch, 20);
  stopwatch.start();
  pass(1);
  session(stopwatch, 2);
  expect(stopwatch.read()).toEqual({ decode: 1, inference: 2, postprocess: 0 });
});
