import { Failure } from '@portico/schemas';
import type { RejectReason } from './observer.ts';
import type { ServiceEstimate } from './service-time.ts';

/** What the replicas of a model can take on at this moment. */
export interface Capacity {
  readonly ready: boolean;
  readonly detail: string;
  readonly readyReplicas: number;
  /** For each ready replica that is busy, the milliseconds since its run began. */
  readonly runsFor: readonly number[];
  /** Most inputs in one run. */
  readonly maxBatch: number;
  /** What runs take while every replica is busy; undefined before anything was measured. */
  readonly service: ServiceEstimate | undefined;
}

/** What admission needs to know of a model at this moment. */
export interface Load extends Capacity {
  readonly model: string;
  readonly waiting: number;
  readonly maxQueue: number;
}

export interface Refusal {
  readonly reason: RejectReason;
  readonly failure: Failure;
}

/** Seconds to suggest while a model loads or comes back. */
const notReadyRetrySeconds = 2;

/**
 * In an overload whoever is let in has just so much time as is expected to suffice. Runs vary, so that would be too
 * late for every other; a queue that is shorter by a fifth costs no throughput.
 */
const caution = 1.25;

/** Why a request must be turned away now instead of failing later, or undefined when it may come in. */
export function refusal(load: Load, deadlineMs: number): Refusal | undefined {
  if (!load.ready) {
    return refuse('not-ready', 'NOT_READY', `Model ${load.model} is not ready: ${load.detail}`, notReadyRetrySeconds);
  }
  const wait = expectedWaitMs(load);
  const retryAfter = Math.max(1, Math.ceil(wait / 1_000));
  if (load.waiting >= load.maxQueue) {
    return refuse(
      'queue-full',
      'OVERLOADED',
      `Model ${load.model} has ${load.waiting} requests waiting already.`,
      retryAfter,
    );
  }
  const answered = (wait + (load.service?.runMs ?? 0)) * caution;
  // Whatever the estimate, a free replica takes what comes: an estimate that is too long is corrected by it.
  if (wait > 0 && answered > deadlineMs) {
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
export function expectedWaitMs({ waiting, readyReplicas, runsFor, maxBatch, service }: Load): number {
  const replicas = Math.max(1, readyReplicas);
  const replicaFree = waiting === 0 && runsFor.length < replicas;
  if (service === undefined || replicaFree) return 0;
  // What does not fill a run is joined by the newcomer, not waited for.
  const inFullRuns = Math.floor(waiting / maxBatch) * maxBatch;
  const remaining = runsFor.reduce((sum, runFor) => sum + Math.max(0, service.runMs - runFor), 0);
  return (remaining + inFullRuns * service.inputMs) / replicas;
}

function refuse(
  reason: RejectReason,
  code: 'NOT_READY' | 'OVERLOADED',
  detail: string,
  retryAfterSeconds: number,
): Refusal {
  return { reason, failure: new Failure(code, detail, { retryAfterSeconds }) };
}
