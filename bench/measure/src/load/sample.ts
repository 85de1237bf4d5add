import type { LoadAnswer } from './request.ts';

/** One request and what became of it. Times are of `performance.now()`. */
export interface Sample {
  readonly turn: number;
  /** When it should have been sent; latency counts from here. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly endedAt: number;
  /** The status, `wrong` for an answer that failed its check, or the code of the connection's error. */
  readonly outcome: string;
  readonly answer?: LoadAnswer;
}

/** The outcome of an answer that its check did not accept. */
export const wrong = 'wrong';
