import type { EngineDescription, EngineInput, LoadReport } from '../inference.ts';
import type { CancelTimer, Clock, Engine, LaunchEngine, Outcome } from './engine.ts';
import { EngineMemory, type EngineMemoryLimits } from './engine-memory.ts';
import { InFlight, type LostJobs, type Run } from './in-flight.ts';
import type { Job } from './job.ts';
import type { DispatchObserver, RestartReason } from './observer.ts';
import { RunTimers } from './run-timers.ts';

/**
 * What is on its way to a busy engine stays in memory until its run is over, also if the client has left meanwhile. So no
 * more is sent ahead behind so much: several of the largest uploads.
 */
const maxUnreadBytes = 64 * 1024 * 1024;

/** What the replicas of a model have in common. */
export interface ReplicaSettings {
  readonly model: string;
  readonly launch: LaunchEngine;
  readonly clock: Clock;
  readonly limits: {
    /** A run is ended this long after it began, or after its last item. */
    readonly runMs: number;
    /** A load is ended after this long without progress. */
    readonly loadMs: number;
    readonly memory: EngineMemoryLimits;
    /** A debugger may hold the engine, so that no run, load or silence is too long. @default false */
    readonly inspected?: boolean;
  };
  readonly observer: DispatchObserver;
}

export interface ReplicaOptions extends ReplicaSettings {
  /** A number under which no job was sent before, to any engine of the model. */
  readonly nextSendId: () => number;
  /** How long a replacement takes to load. */
  readonly replacementMs: () => number;
  readonly onProgress: (report: LoadReport) => void;
  readonly onReady: (description: EngineDescription, loadMs: number) => void;
  /** It can take more jobs: a run has begun, or `finished` is over. */
  readonly onCapacity: (finished?: Run) => void;
  /** Not called for a replica that was stopped. */
  readonly onExit: (exit: Exit) => void;
}

/** The end of an engine, and the jobs that it had. */
export interface Exit extends LostJobs {
  readonly reason: RestartReason;
  readonly detail: string;
  /** Runs that it had finished. */
  readonly runs: number;
}

type State =
  | { readonly name: 'loading' }
  | { readonly name: 'ready' }
  /** It gets no more jobs, finishes those it has, and is then killed. */
  | { readonly name: 'retiring'; readonly reason: RestartReason }
  /** The kill may not have taken effect yet. `detail` says more than the exit will. */
  | { readonly name: 'killed'; readonly reason: RestartReason | 'stopped'; readonly detail?: string | undefined }
  | { readonly name: 'exited' };

/**
 * One engine, from its launch to its exit, and the jobs it has: their outcomes go straight to the jobs.
 * Besides its run an engine holds jobs that were sent ahead, at most one run's worth, so that it never waits for the
 * gateway between two runs; what it has not begun is not lost when it exits.
 */
export class Replica {
  readonly memory: EngineMemory;
  readonly #options: ReplicaOptions;
  /** For everything that ends an engine because it takes too long. */
  readonly #timeoutClock: Clock;
  readonly #inFlight = new InFlight();
  readonly #timers: RunTimers;
  readonly #engine: Engine;
  readonly #launchedAt: number;
  #state: State = { name: 'loading' };
  #cancelLoadTimeout: CancelTimer = () => {};
  /** What it has reported last while it loads, for people. */
  #lastProgress = 'starting';
  #warmUpMs = 0;
  /** Runs that have finished. */
  #runs = 0;
  /** Resolves when the engine is gone. */
  readonly ended: Promise<void>;
  #onEnded: () => void = () => {};

  /** Starts the engine process. */
  constructor(options: ReplicaOptions) {
    const { clock, limits, launch } = options;
    this.#options = options;
    this.#launchedAt = clock.now();
    this.#timeoutClock = limits.inspected === true ? { now: () => clock.now(), schedule: () => () => {} } : clock;
    this.#timers = new RunTimers(this.#timeoutClock, limits.runMs, (reason) => this.#kill(reason));
    this.memory = new EngineMemory(limits.memory);
    this.#restartLoadTimeout();
    this.ended = new Promise((resolve) => (this.#onEnded = resolve));
    this.#engine = launch({
      onProgress: (report) => this.#onProgress(report),
      onDownloaded: (bytes, milliseconds) => options.observer.downloaded(options.model, bytes, milliseconds),
      onReady: (description) => this.#onReady(description),
      onLoadFailed: (detail) => this.#kill('load-failed', detail),
      onBegan: (sendIds) => this.#onBegan(sendIds),
      onItem: (sendId, index, item) => this.#onItem(sendId, index, item),
      onOutcome: (sendId, outcome) => this.#onOutcome(sendId, outcome),
      onFinished: () => this.#onFinished(),
      onMemory: (residentBytes) => this.#onMemory(residentBytes),
      onDeviceLost: (detail) => this.#kill('device-lost', detail),
      onExit: (detail) => this.#onExit(detail),
    });
  }

  /** Jobs may be sent to it. */
  get ready(): boolean {
    return this.#state.name === 'ready';
  }

  get idle(): boolean {
    return this.ready && this.#inFlight.empty;
  }

  /** It would begin at once with what comes: it is idle, or about to report that its run is over. */
  get free(): boolean {
    return this.ready && (this.#inFlight.empty || this.#inFlight.over);
  }

  /** How many jobs may be sent ahead now, so that at most `maxPending` are pending in the engine. */
  roomAhead(maxPending: number): number {
    const room = this.ready && !this.#inFlight.empty ? this.#inFlight.room(maxPending) : 0;
    return room > 0 && this.#engine.unreadBytes > maxUnreadBytes ? 0 : room;
  }

  /** Inputs that its engine is running. */
  get running(): number {
    return this.#inFlight.running;
  }

  /** Inputs that are pending in its engine. */
  get pending(): number {
    return this.#inFlight.pending;
  }

  get pendingJobs(): readonly Job[] {
    return this.#inFlight.pendingJobs;
  }

  get hasRisk(): boolean {
    return this.#inFlight.hasRisk;
  }

  /** When the run began; a replica that has just been sent something counts as having begun now. */
  get busySince(): number {
    return this.#inFlight.run?.startedAt ?? this.#options.clock.now();
  }

  holds(job: Job): boolean {
    return this.#inFlight.holds(job);
  }

  send(jobs: readonly Job[]): void {
    const inputs: EngineInput[] = [];
    for (const job of jobs) {
      const input = job.sendAs(this.#options.nextSendId());
      if (input !== undefined) inputs.push(input);
    }
    this.#inFlight.add(jobs);
    this.#engine.send(inputs);
    // A free engine begins at once with what it is sent.
    if (this.#inFlight.beginning) this.#timers.expectReport();
  }

  /** Takes back up to `limit` jobs that are pending behind others, for a replica that is free. */
  takeBack(limit: number): Job[] {
    const jobs = this.#inFlight.takeBack(limit);
    if (jobs.length > 0) this.#engine.cancel(jobs.map(({ sendId }) => sendId));
    return jobs;
  }

  /** No client waits for this job any more. */
  cancel(job: Job): void {
    this.#inFlight.remove(job);
    this.#engine.cancel([job.sendId]);
    this.#boundAbandonedRun();
  }

  /** Ends the engine at once and for good; returns the jobs that it had. */
  stop(): Job[] {
    if (this.#state.name === 'exited') return [];
    const { running, pending } = this.#inFlight.lose(true, this.#options.clock.now());
    this.#timers.endRun(true);
    this.#cancelLoadTimeout();
    this.#state = { name: 'killed', reason: 'stopped' };
    this.#engine.kill();
    return [...running, ...pending];
  }

  /** Sends it no more jobs, and ends it as soon as it has none. */
  retire(reason: RestartReason): void {
    this.#state = { name: 'retiring', reason };
    if (this.#inFlight.empty) this.#kill(reason);
  }

  #onProgress(report: LoadReport): void {
    this.#lastProgress = report.detail;
    if (this.#state.name === 'loading') this.#restartLoadTimeout();
    this.#options.onProgress(report);
  }

  #onReady(description: EngineDescription): void {
    // The report may have been on its way when the engine was killed.
    if (this.#state.name !== 'loading') return;
    this.#cancelLoadTimeout();
    this.#state = { name: 'ready' };
    this.#warmUpMs = description.warmUpMs;
    this.#inFlight.maxBatchSize = description.maxBatchSize;
    this.#options.onReady(description, this.#options.clock.now() - this.#launchedAt);
  }

  #onBegan(sendIds: readonly number[]): void {
    const { clock, model, observer, onCapacity } = this.#options;
    this.#timers.endSilence();
    const { jobs } = this.#inFlight.begin(sendIds, clock.now(), this.#state.name === 'killed');
    this.#timers.restartRun();
    const queueMs = jobs.map((job) => job.queueMs);
    if (jobs.length > 0) observer.started(model, jobs.length, queueMs);
    onCapacity();
    this.#boundAbandonedRun();
  }

  /** A run that emits items, if only for the second time, is not one that hangs. */
  #onItem(sendId: number, index: number, item: Uint8Array): void {
    const job = this.#inFlight.run?.find(sendId);
    if (job === undefined || job.settled) return;
    this.#timers.restartRun();
    job.emit(index, item);
  }

  #onOutcome(sendId: number, outcome: Outcome): void {
    const { run } = this.#inFlight;
    if (run === undefined) return;
    const job = run.find(sendId);
    // What was taken back too late has an outcome too, but its job gets that of another replica.
    if (job !== undefined) {
      if (run.outcomes === 0) this.#options.observer.ran(this.#options.model, outcome.times, run.jobs.length);
      if (outcome.ok) job.resolve(outcome);
      else job.reject(outcome.failure, outcome.times);
      run.count(outcome.ok);
      this.memory.count(outcome);
    }
    // The end of the run must follow.
    if (run.abandoned) this.#timers.expectReport();
  }

  #onFinished(): void {
    const run = this.#inFlight.endRun(this.#options.clock.now());
    this.#timers.endRun(this.#inFlight.empty);
    if (this.#inFlight.beginning) this.#timers.expectReport();
    if (run !== undefined) {
      this.#runs += 1;
      run.rejectUnsettled();
    }
    if (this.ready && this.memory.isExhausted(this.#options.clock.now() - this.#launchedAt))
      this.retire('out-of-memory');
    else if (this.#state.name === 'retiring' && this.#inFlight.empty) this.#kill(this.#state.reason);
    if (run !== undefined) this.#options.onCapacity(run);
  }

  #onMemory(residentBytes: number): void {
    const over = this.memory.sample(residentBytes);
    if (over === 'memory-hard') this.#kill(over);
    // An engine that has run nothing yet would come back just as large.
    else if (over !== undefined && this.#runs > 0 && this.ready) this.retire(over);
  }

  /**
   * Why an engine exits: it crashed, or was ended from outside (by the kernel, say, when memory ran out); or it was
   * killed here, and then the first reason counts.
   */
  #onExit(exitDetail: string): void {
    const { reason, detail = exitDetail } = this.#state.name === 'killed' ? this.#state : { reason: 'crash' as const };
    const lost = this.#inFlight.lose(this.#state.name === 'killed', this.#options.clock.now());
    this.#state = { name: 'exited' };
    this.#onEnded();
    this.#timers.endRun(true);
    this.#cancelLoadTimeout();
    if (reason !== 'stopped') this.#options.onExit({ reason, detail, runs: this.#runs, ...lost });
  }

  #kill(reason: RestartReason, detail?: string): void {
    if (this.#state.name === 'killed' || this.#state.name === 'exited') return;
    this.#cancelLoadTimeout();
    this.#state = { name: 'killed', reason, detail };
    this.#engine.kill();
  }

  #restartLoadTimeout(): void {
    this.#cancelLoadTimeout();
    const { loadMs } = this.#options.limits;
    const timeUp = (): void =>
      this.#kill(
        'load-timeout',
        `Loading made no progress for ${loadMs / 1_000} s at "${this.#lastProgress}". Check the model's files, and that its first run ends; ` +
          'if other models do not load either, give the machine more CPU.',
      );
    this.#cancelLoadTimeout = this.#timeoutClock.schedule(loadMs, timeUp);
  }

  #boundAbandonedRun(): void {
    const { run } = this.#inFlight;
    if (run?.abandoned !== true) return;
    run.abandonedAt ??= this.#options.clock.now();
    this.#timers.abandonRun(run.startedAt, this.#warmUpMs, this.#options.replacementMs());
  }
}
