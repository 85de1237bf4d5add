import type { Job } from './job.ts';
import type { Losses } from './losses.ts';
import type { Queue } from './queue.ts';
import type { Replica } from './replica.ts';
import type { ReplicaSet } from './replica-set.ts';

/** Decides which replica gets what is pending. */
export class Assignment {
  readonly #queue: Queue;
  readonly #replicas: ReplicaSet;
  readonly #losses: Losses;

  constructor(queue: Queue, replicas: ReplicaSet, losses: Losses) {
    this.#queue = queue;
    this.#replicas = replicas;
    this.#losses = losses;
  }

  /** Sends what can be sent: first to free replicas, then ahead to busy ones. */
  assign(): void {
    const { all: replicas, inputMs } = this.#replicas;
    for (const replica of replicas) {
      if (!replica.idle) continue;
      const jobs = this.#takeForFree(inputMs);
      if (jobs.length === 0) break;
      replica.send(jobs);
    }
    if (this.#queue.size > 0) this.#sendAhead(inputMs);
  }

  #takeForFree(inputMs: number): readonly Job[] {
    const { all: replicas, maxBatchSize } = this.#replicas;
    if (this.#queue.size > 0) {
      const lastReplica = this.#replicas.isLast && this.#losses.contested;
      const mayRisk = !lastReplica && !replicas.some(({ hasRisk }) => hasRisk);
      const jobs = this.#queue.takeForFree(maxBatchSize, mayRisk, inputMs);
      if (jobs.length > 0) return jobs;
    }
    return takeBack(replicas, maxBatchSize);
  }

  /**
   * Sends a run's worth to each busy replica, the soonest free first, but no more than its share of what is pending: one that took
   * all would leave the others almost nothing to run (a fifth less throughput for 32 clients of two replicas that run 32 at once).
   * Then sends, evenly, the rest of what short runs need.
   */
  #sendAhead(inputMs: number): void {
    const { all, maxBatchSize, maxAhead } = this.#replicas;
    if (!hasRoom(all, maxAhead)) return;
    const batch = Math.min(maxBatchSize, this.#shareOfPending());
    for (const replica of sorted(all, longestBusy)) this.#sendAheadTo(replica, replica.roomAhead(batch), inputMs);
    if (maxAhead <= maxBatchSize || this.#queue.size === 0) return;
    const each = Math.ceil(this.#queue.size / all.length);
    for (const replica of sorted(all, fewestPending))
      this.#sendAheadTo(replica, Math.min(each, replica.roomAhead(maxAhead)), inputMs);
  }

  #shareOfPending(): number {
    let pending = this.#queue.size;
    let ready = 0;
    for (const replica of this.#replicas.all) {
      if (!replica.ready) continue;
      pending += replica.pending;
      ready += 1;
    }
    return Math.ceil(pending / Math.max(1, ready));
  }

  #sendAheadTo(replica: Replica, limit: number, inputMs: number): void {
    if (limit === 0) return;
    const jobs = this.#queue.takeAhead(limit, inputMs);
    if (jobs.length > 0) replica.send(jobs);
  }
}

function hasRoom(replicas: readonly Replica[], maxAhead: number): boolean {
  for (const replica of replicas) if (replica.roomAhead(maxAhead) > 0) return true;
  return false;
}

/** There are a handful of replicas, and this runs for every request: two in order need no copy. */
function sorted(replicas: readonly Replica[], order: (one: Replica, other: Replica) => number): readonly Replica[] {
  const [first, second] = replicas;
  if (first === undefined || second === undefined) return replicas;
  if (replicas.length === 2 && order(first, second) <= 0) return replicas;
  return replicas.toSorted(order);
}

const longestBusy = (one: Replica, other: Replica): number => one.busySince - other.busySince;
const fewestPending = (one: Replica, other: Replica): number => one.pending - other.pending;

/**
 * What is pending in the busy engine that has the most, for a replica that is free. What is a risk, or waits behind one, stays:
 * it was sent to be run by that engine alone, which may need more than one run for it.
 */
function takeBack(replicas: readonly Replica[], limit: number): readonly Job[] {
  let fullest: Replica | undefined;
  for (const replica of replicas)
    if (replica.running > 0 && !replica.hasRisk && replica.pending > (fullest?.pending ?? 0)) fullest = replica;
  return fullest?.takeBack(limit) ?? [];
}
