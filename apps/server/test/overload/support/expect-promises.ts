import { expect } from 'vitest';
import type { Overload } from './overload.ts';

const mebibyte = 1024 * 1024;

export interface Leeway {
  readonly goodput: number;
  /** Share of the accepted requests that may miss their deadline. */
  readonly timedOut: number;
}

/** What an overloaded model promises, with some leeway for a machine that does other things as well. */
export function expectPromises(result: Overload, leeway: Leeway): void {
  const { load, goodput, accepted, timedOut, retryAfter, countedByServer, residentBytes, calmMilliseconds } = result;
  expect(load.complaints).toEqual([]);
  expect(load.unsent).toBe(0);
  expect(Object.keys(load.outcomes).filter((outcome) => !['200', '503', '504'].includes(outcome))).toEqual([]);
  expect(Object.values(load.outcomes).reduce((sum, count) => sum + count, 0)).toBe(load.sent);
  expect(countedByServer).toBe(load.sent);
  expect(load.outcomes['503']).toBeGreaterThan(accepted);
  expect(timedOut / accepted).toBeLessThanOrEqual(leeway.timedOut);
  expect(goodput).toBeGreaterThanOrEqual(leeway.goodput);
  expect(retryAfter.truthful / retryAfter.judged).toBeGreaterThanOrEqual(0.9);
  expect(result.drainSeconds).toBeLessThan(result.deadlineSeconds + 0.5);
  expect(residentBytes.late).toBeLessThan(residentBytes.early * 1.2 + 16 * mebibyte);
  expect(calmMilliseconds.after).toBeLessThan(calmMilliseconds.before * 2 + 100);
}
