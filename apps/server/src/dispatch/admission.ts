import { Failure } from '@portico/schemas';
import type { RejectReason } from './observer.ts';

/** What admission needs to know of a model at this moment. */
export interface Load {
  readonly model: string;
  readonly ready: boolean;
  readonly detail: string;
  readonly waiting: number;
  readonly maxQueue: number;
  /** Inputs that are in engines now. */
  readonly running: number;
  readonly readyReplicas: number;
  /** Milliseconds an input takes; undefined before anything was measured. */
  readonly serviceMilliseconds: number | undefined;
}

export interface Refusal {
  readonly reason: RejectReason;
  readonly failure: Failure;
}

/** Seconds to suggest while a model loads or comes back. */
const notReadyRetrySeconds = 2;

/** Why a request must be turned away now instead of failing later, or undefined when it may come in. */
export function refusal(load: Load, deadlineMilliseconds: number): Refusal | undefined {
  if (!load.ready) {
    return refuse('not-ready', 'NOT_READY', `Model ${load.model} is not ready: ${load.detail}`, notReadyRetrySeconds);
  }
  const wait = expectedWaitMilliseconds(load);
  const retryAfter = Math.max(1, Math.ceil(wait / 1_000));
  if (load.waiting >= load.maxQueue) {
    return refuse(
      'queue-full',
      'OVERLOADED',
      `Model ${load.model} has ${load.waiting} requests waiting already.`,
      retryAfter,
    );
  }
  if (load.waiting > 0 && wait + (load.serviceMilliseconds ?? 0) > deadlineMilliseconds) {
    return refuse(
      'deadline',
      'OVERLOADED',
      `Model ${load.model} is so busy that this request could not meet its deadline.`,
      retryAfter,
    );
  }
  return undefined;
}

/** Milliseconds until a request that comes now would begin. */
export function expectedWaitMilliseconds(load: Load): number {
  const ahead = load.waiting + load.running;
  return (ahead * (load.serviceMilliseconds ?? 0)) / Math.max(1, load.readyReplicas);
}

function refuse(
  reason: RejectReason,
  code: 'NOT_READY' | 'OVERLOADED',
  detail: string,
  retryAfterSeconds: number,
): Refusal {
  return { reason, failure: new Failure(code, detail, { retryAfterSeconds }) };
}
