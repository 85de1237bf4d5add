import { expect } from 'vitest';
import type { Overload } from './overload.ts';

const mebibyte = 1024 * 1024;

export interface Leeway {
  readonly goodput: number;
  /** Share of the accepted requests that may miss their deadline. */
  readonly timedOut: number;
}

/** What holds on any machine: no request goes without a response, most are refused, and the gateway does not grow. */
function expectNothingLost({ load, accepted, countedByServer, residentBytes }: Overload): void {
  expect(load.complaints).toEqual([]);
  expect(load.unsent).toBe(0);
  expect(Object.keys(load.outcomes).filter((outcome) => !['200', '503', '504'].includes(outcome))).toEqual([]);
  expect(Object.values(load.outcomes).reduce((sum, count) => sum + count, 0)).toBe(load.sent);
  expect(countedByServer).toBe(load.sent);
  expect(load.outcomes['503']).toBeGreaterThan(accepted);
  expect(residentBytes.late).toBeLessThan(residentBytes.early * 1.2 + 16 * mebibyte);
}

/** What a machine that other work disturbs keeps only roughly; the exact figures are printed. */
export function expectPromises(result: Overload, leeway: Leeway): void {
  expectNothingLost(result);
  const { goodput, accepted, timedOut, calmMs } = result;
  expect(timedOut / accepted).toBeLessThanOrEqual(leeway.timedOut);
  expect(goodput).toBeGreaterThanOrEqual(leeway.goodput);
  expect(result.drainSeconds).toBeLessThan(result.deadlineSeconds + 2);
  expect(calmMs.after).toBeLessThan(calmMs.before * 2 + 1_000);
}
