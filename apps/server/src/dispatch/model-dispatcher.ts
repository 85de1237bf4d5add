import { type Device, Failure } from '@portico/schemas';
import { type Load, refusal } from './admission.ts';
import { Backlog } from './backlog.ts';
import type { Clock } from './clock.ts';
import type { EngineInfo, LaunchEngine, Outcome, Payload } from './engine.ts';
import type { DispatchObserver, RestartReason } from './observer.ts';
import { Readiness } from './readiness.ts';
import type { Death } from './death.ts';
import { Replica } from './replica.ts';
import type { ReplicaLimits } from './replica-owner.ts';
import type { Run } from './run.ts';
import { ServiceTime } from './service-time.ts';
import { type Answer, Work } from './work.ts';

export interface ModelDispatcherOptions {
  readonly model: string;
  /** Replicas wanted on a device. Until the first has loaded and said where it runs, the CPU's number counts. */
  readonly replicasOn: (device: Device) => number;
  readonly maxQueue: number;
  readonly limits: ReplicaLimits;
  readonly launch: LaunchEngine;
  readonly clock: Clock;
  readonly observer: DispatchObserver;
}

export interface SubmitOptions {
  /** Milliseconds from now in which the caller wants an answer, waiting included. */
  readonly deadlineMilliseconds: number;
  /** Aborted when the caller leaves. */
  readonly signal?: AbortSignal | undefined;
}

/** Engines that may die under one input before it is given up. */
const deathsAllowed = 1;

/**
 * Everything between a request and the engines of one model: admission, queue, batches, deadlines, replicas.
 * It is driven by events alone: whenever something waits and a replica could take it, it is sent.
 */
export class ModelDispatcher {
  readonly model: string;
  readonly #options: ModelDispatcherOptions;
  readonly #backlog = new Backlog();
  readonly #serviceTime = new ServiceTime();
  readonly #readiness: Readiness;
  readonly #replicas: Replica[] = [];
  #info: EngineInfo | undefined;
  #nextId = 1;
  #nextTicket = 1;

  constructor(options: ModelDispatcherOptions) {
    this.model = options.model;
    this.#options = options;
    this.#readiness = new Readiness(options.clock);
  }

  /** Launches the first replica; the others follow when it is ready and has said which device it runs on. */
  start(): void {
    this.#addReplica();
  }

  /** Ends every engine at once. */
  stop(): void {
    for (const replica of this.#replicas) replica.stop();
  }

  get ready(): boolean {
    return this.#readiness.ready;
  }

  /** What keeps the model from being ready. */
  get detail(): string {
    return this.#readiness.detail;
  }

  /** What the engines said of themselves; undefined until the first has loaded. */
  get info(): EngineInfo | undefined {
    return this.#info;
  }

  get replicas(): { readonly ready: number; readonly target: number } {
    return { ready: this.#readiness.readyReplicas, target: this.#targetReplicas() };
  }

  /** Requests that no engine has begun. */
  get waiting(): number {
    return this.#backlog.size + this.#sum(({ waiting }) => waiting);
  }

  /** Requests that engines are busy with. */
  get running(): number {
    return this.#sum(({ running }) => running);
  }

  /**
   * Throws why a request would be turned away now: `NOT_READY` or `OVERLOADED`. To be asked before a body is read.
   */
  admit(deadlineMilliseconds: number): void {
    const refused = refusal(this.#load(), deadlineMilliseconds);
    if (refused === undefined) return;
    this.#options.observer.rejected(this.model, refused.reason);
    throw refused.failure;
  }

  /**
   * Queues one input and resolves with its answer. Rejects with a `Failure`: the row of the error table that says how
   * it ended, `CANCELLED` when the signal did it.
   */
  async submit(payload: Payload, { deadlineMilliseconds, signal }: SubmitOptions): Promise<Answer> {
    if (signal?.aborted === true) throw new Failure('CANCELLED', 'The caller left.');
    this.admit(deadlineMilliseconds);
    const { clock } = this.#options;
    const enqueuedAt = clock.now();
    const result = await new Promise<Answer | Failure>((settle) => {
      const work = new Work({
        id: this.#nextId++,
        payload,
        enqueuedAt,
        deadlineAt: enqueuedAt + deadlineMilliseconds,
        settle,
      });
      this.#watchCaller(work, deadlineMilliseconds, signal);
      this.#backlog.push(work);
      this.#pump();
    });
    if (result instanceof Failure) throw result;
    return result;
  }

  /** Answers at the deadline or when the caller leaves, wherever the work is then. */
  #watchCaller(work: Work, deadlineMilliseconds: number, signal: AbortSignal | undefined): void {
    const giveUp = (failure: Failure): void => {
      if (!work.answer(failure)) return;
      const stage = work.startedAt === undefined ? 'queued' : 'running';
      if (failure.code === 'CANCELLED') this.#options.observer.cancelled(this.model, stage);
      if (this.#backlog.remove(work)) return;
      for (const replica of this.#replicas) if (replica.holds(work)) replica.abandon(work);
      if (stage === 'queued') this.#backlog.left([work]);
      this.#pump();
    };
    const onAbort = (): void => giveUp(new Failure('CANCELLED', 'The caller left.'));
    const callOffDeadline = this.#options.clock.schedule(deadlineMilliseconds, () =>
      giveUp(new Failure('TIMEOUT', `No answer within ${Number((deadlineMilliseconds / 1_000).toFixed(3))} s.`)),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    work.release = () => {
      callOffDeadline();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** Sends what can be sent: first to free replicas, then ahead to busy ones, soonest free first. */
  #pump(): void {
    const limit = this.#info?.maxBatch ?? 1;
    for (const replica of this.#replicas) {
      if (!replica.idle) continue;
      const works = this.#backlog.takeForFree(limit);
      if (works.length === 0) works.push(...this.#withdraw(limit));
      if (works.length === 0) break;
      replica.send(works);
    }
    const soonestFree = [...this.#replicas].sort((one, other) => one.busySince - other.busySince);
    for (const replica of soonestFree) {
      const works = this.#backlog.takeAhead(replica.roomAhead);
      if (works.length > 0) replica.send(works);
    }
  }

  /** What waits in a busy engine, for a replica that is free now. */
  #withdraw(limit: number): Work[] {
    const fullest = this.#replicas.reduce((one, other) =>
      other.running > 0 && other.waiting > one.waiting ? other : one,
    );
    return fullest.running > 0 ? fullest.withdraw(limit) : [];
  }

  #targetReplicas(): number {
    return this.#options.replicasOn(this.#info?.device ?? 'cpu');
  }

  #addReplica(): void {
    const { clock, launch, limits, observer } = this.#options;
    const replica = new Replica({
      clock,
      launch,
      limits,
      nextTicket: () => this.#nextTicket++,
      becameReady: (replica, info) => this.#becameReady(replica, info),
      progress: (detail) => {
        this.#readiness.explain(detail);
        observer.progress(this.model, detail);
      },
      began: (works) => this.#began(works),
      outcome: (work, outcome) => this.#outcome(work, outcome),
      finished: (run) => this.#finished(replica, run),
      died: (death) => this.#died(death),
    });
    this.#replicas.push(replica);
    replica.launch();
  }

  #becameReady(replica: Replica, info: EngineInfo): void {
    this.#info = info;
    this.#serviceTime.guess(info.warmUpMilliseconds);
    this.#countReady();
    this.#options.observer.replicaReady(this.model, info, replica.millisecondsSinceLaunch);
    while (this.#replicas.length < this.#targetReplicas()) this.#addReplica();
    this.#pump();
  }

  #began(works: readonly Work[]): void {
    const now = this.#options.clock.now();
    for (const work of works) work.startedAt = now;
    const waits = works.map((work) => now - work.enqueuedAt);
    if (works.length > 0) this.#options.observer.started(this.model, works.length, waits);
    this.#pump();
  }

  #outcome(work: Work, outcome: Outcome): void {
    const queue = (work.startedAt ?? work.enqueuedAt) - work.enqueuedAt;
    work.answer(outcome.ok ? { json: outcome.json, times: { queue, ...outcome.times } } : outcome.failure);
  }

  #finished(replica: Replica, { works, startedAt, succeeded }: Run): void {
    this.#backlog.left(works);
    if (works.length > 0) {
      this.#serviceTime.record({
        milliseconds: this.#options.clock.now() - startedAt,
        inputs: works.length,
        busyReplicas: 1 + this.#replicas.filter((other) => other !== replica && other.running > 0).length,
        succeeded,
      });
    }
    // An engine answers all it was given; should one not, its callers must not wait for ever.
    for (const work of works) work.answer(new Failure('INTERNAL', 'The engine gave no answer.'));
    this.#pump();
  }

  #died({ reason, detail, running, waiting }: Death): void {
    this.#readiness.explain(detail);
    this.#countReady();
    this.#backlog.left([...running, ...waiting]);
    for (const work of [...running, ...waiting]) work.startedAt = undefined;
    for (const work of running) this.#survived(work, reason, running.length);
    this.#backlog.putBack([...running, ...waiting]);
    this.#options.observer.restarted(this.model, reason, detail);
    this.#pump();
  }

  /** Decides whether work whose engine is gone runs again, alone, or is answered with a failure. */
  #survived(work: Work, reason: RestartReason, mates: number): void {
    work.suspect = true;
    if (reason === 'timeout' || reason === 'abandoned') {
      // Alone, it is what took so long; in company it may have been a mate.
      if (mates === 1) work.answer(new Failure('TIMEOUT', 'The run took longer than a run may take.'));
      return;
    }
    work.deaths += 1;
    if (work.deaths <= deathsAllowed) return;
    work.answer(
      reason === 'memory-hard'
        ? new Failure('OUT_OF_MEMORY', 'The engine ran out of memory under this input, twice.', {
            retryAfterSeconds: 5,
          })
        : new Failure('ENGINE_CRASHED', 'The engine died twice under this input.'),
    );
  }

  #countReady(): void {
    this.#readiness.update(this.#replicas.filter((replica) => replica.ready).length);
  }

  #sum(count: (replica: Replica) => number): number {
    return this.#replicas.reduce((sum, replica) => sum + count(replica), 0);
  }

  #load(): Load {
    const { readyReplicas } = this.#readiness;
    const now = this.#options.clock.now();
    return {
      model: this.model,
      ready: this.#readiness.ready,
      detail: this.#readiness.detail,
      waiting: this.waiting,
      maxQueue: this.#options.maxQueue,
      readyReplicas,
      runsFor: this.#replicas.filter(({ ready, free }) => ready && !free).map(({ busySince }) => now - busySince),
      maxBatch: this.#info?.maxBatch ?? 1,
      service: this.#serviceTime.estimate(Math.max(1, readyReplicas)),
    };
  }
}
