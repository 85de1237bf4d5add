import { Failure } from '@portico/schemas';
import type { Job } from './job.ts';

/** The jobs of an engine that has exited. */
export interface LostJobs {
  /** What it was running or about to begin with, and so may have crashed on. */
  readonly running: readonly Job[];
  /** What it had been sent and had not begun, or had begun only when it was being killed. */
  readonly pending: readonly Job[];
  /** How long it was running. */
  readonly runMs: number;
}

/** The jobs that one engine has: its run, and what it was sent and has not begun. */
export class InFlight {
  /** Most inputs in one run; nothing is sent before the engine has reported it. */
  maxBatchSize = 1;
  #run: Run | undefined;
  /** Sent and not begun, by `sendId`. */
  readonly #sent = new Map<number, Job>();
  /** Among those: risks, and jobs that share no run with other clients. */
  #risks = 0;
  #apart = 0;

  get run(): Run | undefined {
    return this.#run;
  }

  /** The engine has nothing to do. */
  get empty(): boolean {
    return this.#run === undefined && this.#sent.size === 0;
  }

  /** Every outcome is there, and the engine is about to report that its run is over. */
  get over(): boolean {
    return this.#run?.over === true && this.#sent.size === 0;
  }

  /** Something was sent to an engine that is free: it begins at once. */
  get beginning(): boolean {
    return this.#beginning > 0;
  }

  /** Inputs of its run, or of the run that it begins as soon as it gets them. */
  get running(): number {
    return this.#run?.jobs.length ?? this.#beginning;
  }

  /** Inputs that are pending in the engine, behind others. */
  get pending(): number {
    return this.#sent.size - this.#beginning;
  }

  /** It has a suspect, or a job of a client that has cost engines. */
  get hasRisk(): boolean {
    return this.#risks > 0 || this.#run?.hasRisk === true;
  }

  /** Inputs that may be sent ahead now, up to `maxPending` in all. No job waits behind a suspect, or joins what stays apart. */
  room(maxPending: number): number {
    return this.hasRisk || this.#apart > 0 ? 0 : Math.max(0, maxPending - this.#sent.size);
  }

  holds(job: Job): boolean {
    return this.#sent.has(job.sendId) || this.#run?.jobs.includes(job) === true;
  }

  /** These are sent. */
  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#sent.set(job.sendId, job);
      if (isRisk(job)) this.#risks += 1;
      if (job.apart) this.#apart += 1;
    }
  }

  /** A job that is pending is cancelled. */
  remove(job: Job): void {
    if (this.#take(job.sendId) !== undefined) job.share.leaveEngine();
  }

  /** What is pending behind others. */
  get pendingJobs(): Job[] {
    return [...this.#sent.values()].slice(this.#beginning);
  }

  /** Takes back up to `limit` jobs for another engine: those pending last, because the first may be about to begin. */
  takeBack(limit: number): Job[] {
    const jobs = this.pendingJobs.slice(-limit);
    for (const { sendId } of jobs) this.#take(sendId);
    return jobs;
  }

  /** A run begins. What was taken back a moment too late runs for nothing: it is no part of the run kept here. */
  begin(sendIds: readonly number[], startedAt: number, afterKill: boolean): Run {
    const jobs: Job[] = [];
    for (const sendId of sendIds) {
      const job = this.#take(sendId);
      if (job === undefined) continue;
      job.start(startedAt, jobs);
      jobs.push(job);
    }
    this.#run = new Run(jobs, startedAt, afterKill);
    return this.#run;
  }

  /**
   * Returns the run that is over, its time charged to its clients; undefined where all that had been sent was cancelled
   * before a run began.
   */
  endRun(now: number): Run | undefined {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) this.#release(run.jobs, run.inputMs(now));
    return run;
  }

  /** Takes everything from an engine that has exited, divided into what it may have crashed on and the rest. */
  lose(killed: boolean, now: number): LostJobs {
    const running = this.#crashCandidates(killed);
    const pending = this.#all().filter((job) => !running.includes(job));
    const runMs = now - (this.#run?.startedAt ?? now);
    this.#release(running, runMs / Math.max(1, running.length));
    this.#release(pending, 0);
    this.#run = undefined;
    this.#sent.clear();
    this.#risks = 0;
    this.#apart = 0;
    return { running, pending, runMs };
  }

  /** The engine has these no longer, and has spent so much on each. */
  #release(jobs: readonly Job[], chargedMs: number): void {
    for (const { share } of jobs) {
      share.charge(chargedMs);
      share.leaveEngine();
    }
  }

  /** Its run, unless that began after the kill; or else what it was about to begin when it exited by itself. */
  #crashCandidates(killed: boolean): readonly Job[] {
    if (this.#run !== undefined) return this.#run.afterKill ? [] : this.#run.jobs;
    return killed ? [] : [...this.#sent.values()];
  }

  /** Takes a job out of those that were sent. */
  #take(sendId: number): Job | undefined {
    const job = this.#sent.get(sendId);
    if (job === undefined) return undefined;
    this.#sent.delete(sendId);
    if (isRisk(job)) this.#risks -= 1;
    if (job.apart) this.#apart -= 1;
    return job;
  }

  /** Inputs on their way to a free engine. */
  get #beginning(): number {
    return this.#run === undefined ? Math.min(this.#sent.size, this.maxBatchSize) : 0;
  }

  #all(): Job[] {
    return [...(this.#run?.jobs ?? []), ...this.#sent.values()];
  }
}

const isRisk = ({ suspect, risky }: Job): boolean => suspect || risky;

/** The inputs that an engine runs at once. */
export class Run {
  readonly jobs: readonly Job[];
  readonly startedAt: number;
  /** It began when its engine was being killed already, and is not to blame for that. */
  readonly afterKill: boolean;
  /** It has a suspect, or a job of a client that has cost engines. */
  readonly hasRisk: boolean;
  /** Since when no client waits for any of it. */
  abandonedAt: number | undefined;
  #succeeded = false;
  #outcomes = 0;

  constructor(jobs: readonly Job[], startedAt: number, afterKill: boolean) {
    this.jobs = jobs;
    this.startedAt = startedAt;
    this.afterKill = afterKill;
    this.hasRisk = jobs.some(isRisk);
  }

  /** How many of its inputs have had their outcome. */
  get outcomes(): number {
    return this.#outcomes;
  }

  /** At least one input has its output. */
  get succeeded(): boolean {
    return this.#succeeded;
  }

  /** Every outcome is there, although the report that the run is over may still be on its way. */
  get over(): boolean {
    return this.jobs.length > 0 && this.#outcomes >= this.jobs.length;
  }

  /** No client waits for any of it. */
  get abandoned(): boolean {
    return this.jobs.every((job) => job.settled);
  }

  /** Milliseconds of engine time that each of its inputs has taken. */
  inputMs(now: number): number {
    return (now - this.startedAt) / Math.max(1, this.jobs.length);
  }

  find(sendId: number): Job | undefined {
    for (const job of this.jobs) if (job.sendId === sendId) return job;
    return undefined;
  }

  count(succeeded: boolean): void {
    this.#succeeded ||= succeeded;
    this.#outcomes += 1;
  }

  /** The run is over and each has had its outcome; should one not, its client must not wait for ever. */
  rejectUnsettled(): void {
    // A failure costs a stack trace.
    for (const job of this.jobs) {
      if (!job.settled) job.reject(new Failure('INTERNAL', 'The engine returned no result.'));
    }
  }
}
