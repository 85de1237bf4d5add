import type { Check, RequestSource } from './request.ts';
import type { Sample } from './sample.ts';

/** What every load needs. */
export interface LoadOptions {
  /** A server on this machine; the path comes from the requests. */
  readonly url: string;
  readonly request: RequestSource;
  readonly check: Check;
  /** No request is sent after this; those under way are waited for. */
  readonly seconds: number;
  /** Ends the load early: nothing more is sent. */
  readonly signal?: AbortSignal;
  /** Hears of every request when it has ended. */
  readonly observe?: (sample: Sample) => void;
  /** A request without any sign of life for this long is given up; 30 s unless told. */
  readonly timeoutMs?: number;
}

export const usualTimeoutMs = 30_000;
const longestSeconds = 3_600;

/** @throws {RangeError} for a load without an end. */
export function checkDuration(seconds: number): void {
  if (!(seconds > 0 && seconds <= longestSeconds)) {
    throw new RangeError(`A load lasts up to ${longestSeconds} s, not ${seconds}.`);
  }
}
