import { Failure } from '@portico/schemas';
import type { RejectReason } from './observer.ts';
import { notReadySentence } from './readiness.ts';

/** Seconds to suggest while a model loads or comes back. */
const notReadyRetrySeconds = 2;

/**
 * In an overload those who are admitted have just as much time as is expected to suffice. Runs vary, so that would be
 * too late for every other; a queue that is shorter by a fifth costs no throughput.
 */
const safetyFactor = 1.25;

/** Weight of the newest run: the estimate follows a change within about ten runs. */
const newestRunWeight = 0.2;

/** How long runs are expected to take. */
export interface ServiceEstimate {
  /** Milliseconds of a replica's time that an input costs; the inputs of one run share it. */
  readonly inputMs: number;
  /** Milliseconds from the beginning of a run to its end. */
  readonly runMs: number;
}

/** What the replicas of a model can take on at this moment. */
export interface Capacity {
  readonly ready: boolean;
  /** Why the model is not ready. */
  readonly detail: string;
  readonly readyReplicas: number;
  /** For each ready replica that is busy, the milliseconds since its run began. */
  readonly elapsedMs: readonly number[];
  /** Most inputs in one run. */
  readonly maxBatchSize: number;
  /** What runs take while every replica is busy; undefined before anything was measured. */
  readonly service: ServiceEstimate | undefined;
}

/** A model at the moment of an admission, as one client sees it. */
export interface Load extends Capacity {
  readonly model: string;
  readonly pending: number;
  /** Those of them that are served before one more request of the client. */
  readonly ahead: number;
  readonly maxQueue: number;
  /** Which other clients wait in a full queue: one with more than its share, only others, or none. */
  readonly others: 'greedier' | 'waiting' | 'none';
}

export interface Rejection {
  readonly reason: RejectReason;
  readonly failure: Failure;
}

/** Why a request must be rejected now instead of failing later; undefined when it is admitted. */
export function checkAdmission(load: Load, timeoutMs: number): Rejection | undefined {
  const { model, pending, others } = load;
  if (!load.ready) {
    return reject('not-ready', 'NOT_READY', notReadySentence(model, load.detail), notReadyRetrySeconds);
  }
  const queueMs = expectedQueueMs(load);
  const retryAfter = Math.max(1, Math.ceil(queueMs / 1_000));
  if (pending >= load.maxQueue && others !== 'greedier') {
    const detail = `Model ${model} already has ${pending} pending requests`;
    return others === 'none'
      ? reject('queue-full', 'OVERLOADED', `${detail}.`, retryAfter)
      : reject(
          'over-share',
          'RATE_LIMITED',
          `${detail}, of which this client has its share. Send fewer at once.`,
          retryAfter,
        );
  }
  const resultMs = (queueMs + (load.service?.runMs ?? 0)) * safetyFactor;
  // Whatever the estimate, a free replica takes what comes: an estimate that is too long is corrected by it.
  if (queueMs > 0 && resultMs > timeoutMs) {
    const detail = `Model ${model} is so busy that this request could not meet its deadline.`;
    return reject('deadline', 'OVERLOADED', detail, retryAfter);
  }
  return undefined;
}

/**
 * Whether a request would be in time even if everything pending were served before it and every replica had just begun a
 * run: the full estimate is never longer.
 */
export function isSurelyInTime(
  { pending, readyReplicas, service }: Pick<Load, 'pending' | 'readyReplicas' | 'service'>,
  timeoutMs: number,
): boolean {
  if (service === undefined) return true;
  const queueMs = service.runMs + (pending * service.inputMs) / readyReplicas;
  return (queueMs + service.runMs) * safetyFactor <= timeoutMs;
}

/** The client has cost so many engines that none of its requests is taken for so long. */
export function lossRejection(model: string, refusedForMs: number): Rejection {
  const detail = `This client's runs of model ${model} have crashed, hung or been abandoned too often. Try again later.`;
  return reject('engine-losses', 'RATE_LIMITED', detail, Math.max(1, Math.ceil(refusedForMs / 1_000)));
}

/** Milliseconds until a request that comes now would begin, behind what is served before it. */
export function expectedQueueMs(load: Omit<Load, 'model' | 'pending' | 'maxQueue' | 'others'>): number {
  const { ahead, readyReplicas, elapsedMs, maxBatchSize, service } = load;
  const replicas = Math.max(1, readyReplicas);
  const replicaFree = ahead === 0 && elapsedMs.length < replicas;
  if (service === undefined || replicaFree) return 0;
  // A newcomer joins a run that is not full, and waits for the full ones before it.
  const inFullRuns = Math.floor(ahead / maxBatchSize) * maxBatchSize;
  const remainingMs = elapsedMs.reduce((sum, elapsed) => sum + Math.max(0, service.runMs - elapsed), 0);
  return (remainingMs + inFullRuns * service.inputMs) / replicas;
}

function reject(
  reason: RejectReason,
  code: 'NOT_READY' | 'OVERLOADED' | 'RATE_LIMITED',
  detail: string,
  retryAfterSeconds: number,
): Rejection {
  return { reason, failure: new Failure(code, detail, { retryAfterSeconds }) };
}

export interface MeasuredRun {
  readonly milliseconds: number;
  readonly inputs: number;
  /** Replicas that were busy at the time, this one included: they share processors, memory and caches. */
  readonly busyReplicas: number;
  /** At least one of its inputs has its output. */
  readonly succeeded: boolean;
}

interface Level extends ServiceEstimate {
  readonly runs: number;
}

/** How long a model takes, learned from its runs, separately for each number of busy replicas. */
export class ServiceTime {
  #guess: Level | undefined;
  /** By the number of busy replicas. */
  readonly #levels: (Level | undefined)[] = [];

  /** A first guess, from the warm-up run; measured runs replace it. */
  guess(milliseconds: number): void {
    this.#guess ??= { inputMs: milliseconds, runMs: milliseconds, runs: 1 };
  }

  /** What a run takes while so many replicas are busy; undefined before anything was measured. */
  estimate(busyReplicas: number): ServiceEstimate | undefined {
    return this.#nearest(busyReplicas);
  }

  record({ milliseconds, inputs, busyReplicas, succeeded }: MeasuredRun): void {
    const known = this.#nearest(busyReplicas);
    // What fails may fail early: it says nothing of how soon a success would come.
    if (!succeeded && milliseconds <= (known?.runMs ?? Number.POSITIVE_INFINITY)) return;
    const measured = { inputMs: milliseconds / inputs, runMs: milliseconds };
    // What was known of another number of replicas counts as one run.
    const runs = this.#levels[busyReplicas]?.runs ?? Math.min(1, known?.runs ?? 0);
    const weight = Math.max(newestRunWeight, 1 / (runs + 1));
    const { inputMs, runMs } = known ?? measured;
    this.#levels[busyReplicas] = {
      inputMs: inputMs + weight * (measured.inputMs - inputMs),
      runMs: runMs + weight * (measured.runMs - runMs),
      runs: runs + 1,
    };
  }

  /** What is known of so many busy replicas, or else of the next fewer, or else of the next more. */
  #nearest(busyReplicas: number): Level | undefined {
    const levels = this.#levels;
    for (let fewer = Math.min(busyReplicas, levels.length - 1); fewer >= 0; fewer -= 1)
      if (levels[fewer] !== undefined) return levels[fewer];
    for (let more = busyReplicas + 1; more < levels.length; more += 1)
      if (levels[more] !== undefined) return levels[more];
    return this.#guess;
  }
}
