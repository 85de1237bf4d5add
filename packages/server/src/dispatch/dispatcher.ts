import { Failure, type LoadProgress } from '@portico/schemas';
import type { EngineDescription, InferInput, InferOutput } from '../inference.ts';
import { checkAdmission, expectedQueueMs, isSurelyInTime, type Load, lossRejection } from './admission.ts';
import { Deadlines } from './alarm.ts';
import { Assignment } from './assignment.ts';
import type { Run } from './in-flight.ts';
import { Job, type SubmitOptions } from './job.ts';
import { Losses } from './losses.ts';
import type { RestartReason } from './observer.ts';
import { Queue } from './queue.ts';
import type { Exit } from './replica.ts';
import { ReplicaSet, type ReplicaSetOptions } from './replica-set.ts';
import { type Share, Shares } from './shares.ts';

/** A job whose engine crashes more often than this is rejected. */
const maxCrashes = 1;

/** Seconds to suggest to a client whose input was too much for the memory, twice. */
const outOfMemoryRetrySeconds = 5;

export interface ModelDispatcherOptions extends ReplicaSetOptions {
  /** Most requests that may be pending. */
  readonly maxQueue: number;
}

/**
 * Takes the requests for one model and gives them to its replicas.
 * It is driven by events alone: whenever a job is pending and a replica could take it, it is sent.
 */
export class ModelDispatcher {
  readonly model: string;
  readonly #options: ModelDispatcherOptions;
  readonly #shares = new Shares();
  readonly #losses: Losses;
  readonly #queue: Queue;
  readonly #replicas: ReplicaSet;
  readonly #assignment: Assignment;
  readonly #deadlines: Deadlines;
  readonly #onCancelled = (job: Job, code: 'TIMEOUT' | 'CANCELLED'): void => this.#withdrawCancelled(job, code);
  #nextId = 1;

  constructor(options: ModelDispatcherOptions) {
    this.model = options.model;
    this.#options = options;
    this.#replicas = new ReplicaSet(
      options,
      (finished) => this.#onCapacity(finished),
      (exit) => this.#onExit(exit),
    );
    this.#losses = new Losses(
      () => options.clock.now(),
      () => this.#replicas.replacementMs,
    );
    this.#queue = new Queue(this.#losses);
    this.#assignment = new Assignment(this.#queue, this.#replicas, this.#losses);
    this.#deadlines = new Deadlines(options.clock);
  }

  /** Launches the first replica; the others follow when it is ready and has reported which device it runs on. */
  start(): void {
    this.#replicas.start();
  }

  /** Replaces every replica by one with the code as it is now; see `ReplicaSet`. */
  reload(): Promise<string | undefined> {
    return this.#replicas.reload();
  }

  /** Ends every engine at once, and rejects what they had and what was pending. */
  stop(): void {
    for (const job of [...this.#replicas.stop(), ...this.#queue.takeAll()]) {
      job.reject(new Failure('NOT_READY', 'The server is shutting down.'));
    }
  }

  /** Resolves when its engines are gone; `stop` comes before. */
  ended(): Promise<void> {
    return this.#replicas.ended();
  }

  get ready(): boolean {
    return this.#replicas.readiness.ready;
  }

  /** A load has failed, and none has succeeded. */
  get failedToLoad(): boolean {
    return this.#replicas.readiness.failedToLoad;
  }

  /** Why the model is not ready. */
  get detail(): string {
    return this.#replicas.readiness.detail;
  }

  /** How far the model is; undefined while it is ready. */
  get progress(): LoadProgress | undefined {
    return this.#replicas.readiness.progress;
  }

  /** What the engines report of themselves; undefined until the first has loaded. */
  get info(): EngineDescription | undefined {
    return this.#replicas.description;
  }

  get replicas(): { readonly ready: number; readonly target: number } {
    const { readiness, target } = this.#replicas;
    return { ready: readiness.readyReplicas, target };
  }

  /** Accepted requests that no engine has begun. */
  get pending(): number {
    return this.#queue.size + this.#replicas.pending;
  }

  /** Requests that engines are running. */
  get running(): number {
    return this.#replicas.running;
  }

  /** Memory that its engines hold, as last sampled. */
  get residentBytes(): number {
    return this.#replicas.residentBytes;
  }

  /** Clients that have a request here, or something to make up for. */
  get clients(): number {
    return Math.max(this.#shares.size, this.#losses.size);
  }

  /**
   * Throws the `Failure` for which a request of this client would be rejected now, `NOT_READY`, `OVERLOADED` or
   * `RATE_LIMITED`. Call it before a body is read.
   */
  admit({ client, timeoutMs }: Pick<SubmitOptions, 'client' | 'timeoutMs'>): void {
    this.#losses.meet(client);
    const refusedForMs = this.#losses.refusedForMs(client);
    if (refusedForMs === 0 && this.#isSurelyAdmitted(timeoutMs)) return;
    const rejection =
      refusedForMs > 0
        ? lossRejection(this.model, refusedForMs)
        : checkAdmission(this.#loadFor(this.#shares.find(client)), timeoutMs);
    if (rejection === undefined) return;
    this.#options.observer.rejected(this.model, rejection.reason);
    throw rejection.failure;
  }

  /**
   * Queues one input and resolves with its output. Rejects with a `Failure`: the row of the error table that says how
   * it ended, `CANCELLED` when the signal was aborted.
   */
  submit(input: InferInput, options: SubmitOptions): Promise<InferOutput> {
    try {
      return this.#accept(input, options).result;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #accept(input: InferInput, options: SubmitOptions): Job {
    if (options.signal?.aborted === true) throw new Failure('CANCELLED', 'The client closed the connection.');
    this.admit(options);
    const share = this.#shares.of(options.client);
    if (this.pending >= this.#options.maxQueue) this.#displaceFor(share);
    const job = new Job({
      id: this.#nextId++,
      model: this.model,
      input,
      options,
      share,
      deadlines: this.#deadlines,
      onCancelled: this.#onCancelled,
    });
    this.#queue.push(job);
    this.#assignment.assign();
    return job;
  }

  /** The request meets its deadline even behind everything pending, so nothing else needs to be checked. */
  #isSurelyAdmitted(timeoutMs: number): boolean {
    const { pending } = this;
    const { readyReplicas, service } = this.#replicas;
    if (readyReplicas === 0 || pending >= this.#options.maxQueue) return false;
    return isSurelyInTime({ pending, readyReplicas, service }, timeoutMs);
  }

  /** The model as one client sees it, of which nothing may be known. */
  #loadFor(share: Share | undefined): Load {
    const { model, pending } = this;
    const { maxQueue } = this.#options;
    const capacity = this.#replicas.capacity();
    const behind = this.#queue.countBehind(share, this.#shares.levelMs, capacity.service?.inputMs ?? 0);
    const full = pending >= maxQueue;
    return {
      model,
      pending,
      ahead: pending - behind,
      maxQueue,
      others: full ? this.#others(share) : 'none',
      ...capacity,
    };
  }

  /** Which pending job has to leave a full queue for this client. */
  #displaceable(share: Share | undefined): Job | undefined {
    const ahead = this.#replicas.all.flatMap(({ pendingJobs }) => pendingJobs);
    return this.#queue.newestOfGreediest(share, ahead);
  }

  #others(share: Share | undefined): Load['others'] {
    if (this.#displaceable(share) !== undefined) return 'greedier';
    return this.#queue.othersWait(share) ? 'waiting' : 'none';
  }

  /** Rejects the newest job of the client that has the most, so that this one has its share of a full queue. */
  #displaceFor(share: Share): void {
    const job = this.#displaceable(share);
    if (job === undefined) return;
    this.#withdraw(job);
    const retryAfterSeconds = Math.max(1, Math.ceil(expectedQueueMs(this.#loadFor(job.share)) / 1_000));
    const detail = `The queue of model ${this.model} is full, and another client takes its share of it. Send fewer at once.`;
    this.#options.observer.rejected(this.model, 'displaced');
    job.reject(new Failure('RATE_LIMITED', detail, { retryAfterSeconds }));
  }

  /** Takes a job that is settled from wherever it is. */
  #withdrawCancelled(job: Job, code: 'TIMEOUT' | 'CANCELLED'): void {
    if (code === 'CANCELLED') this.#options.observer.cancelled(this.model, job.pending ? 'queued' : 'running');
    if (this.#withdraw(job)) this.#assignment.assign();
  }

  /** Takes a job out of the queue or from its engine; true if that makes room in an engine. */
  #withdraw(job: Job): boolean {
    if (this.#queue.remove(job)) return false;
    this.#replicas.all.find((replica) => replica.holds(job))?.cancel(job);
    return true;
  }

  #onCapacity(finished: Run | undefined): void {
    if (finished?.abandonedAt !== undefined)
      this.#losses.add(clientsOf(finished.jobs), this.#options.clock.now() - finished.abandonedAt);
    this.#assignment.assign();
  }

  #onExit({ reason, running, pending, runMs }: Exit): void {
    const { replacementMs } = this.#replicas;
    for (const { share } of running) share.charge(replacementMs / running.length);
    this.#losses.add(clientsOf(running), runMs + replacementMs);
    const lost = [...running, ...pending];
    for (const job of lost) job.putBack();
    for (const job of running) retryAfterCrash(job, reason, running.length);
    this.#queue.putBack(lost);
    for (const share of new Set(running.map((job) => job.share))) this.#refuseLosses(share);
    this.#assignment.assign();
  }

  /** Rejects what a client has pending, if the engine time that it has cost is over the budget. */
  #refuseLosses(share: Share): void {
    const refusedForMs = this.#losses.refusedForMs(share.client);
    if (refusedForMs === 0) return;
    for (const job of this.#queue.takeAll(share)) {
      const { reason, failure } = lossRejection(this.model, refusedForMs);
      this.#options.observer.rejected(this.model, reason);
      job.reject(failure);
    }
  }
}

const clientsOf = (jobs: readonly Job[]): ReadonlySet<string> => new Set(jobs.map(({ share }) => share.client));

/**
 * Decides whether a job whose engine has exited runs again, alone, or is rejected. The jobs of a run that was abandoned
 * are settled already.
 */
function retryAfterCrash(job: Job, reason: RestartReason, batchSize: number): void {
  job.suspect = true;
  if (reason === 'timeout') {
    // Alone, it is what took so long; in a batch it may have been another.
    if (batchSize === 1) job.reject(new Failure('TIMEOUT', 'The run exceeded the maximum time for one run.'));
    return;
  }
  job.crashes += 1;
  if (job.crashes <= maxCrashes) return;
  job.reject(
    reason === 'memory-hard'
      ? new Failure('OUT_OF_MEMORY', 'The engine ran out of memory twice while running this input.', {
          retryAfterSeconds: outOfMemoryRetrySeconds,
        })
      : new Failure('ENGINE_CRASHED', 'The engine crashed twice while running this input.'),
  );
}
