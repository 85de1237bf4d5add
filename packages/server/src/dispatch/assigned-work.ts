import { Run } from './run.ts';
import type { Work } from './work.ts';

/** Work whose engine is gone. */
export interface LostWork {
  /** What the engine was busy with or about to begin, and so may have died of. */
  readonly running: readonly Work[];
  /** What it had been sent and had not begun, or had begun only when its end was decided. */
  readonly waiting: readonly Work[];
}

/** What others than its replica may know of an engine's work. */
export type Workload = Pick<AssignedWork, 'running' | 'waiting' | 'holds'>;

/** What one engine has been given: its run, and what was sent and has not begun. */
export class AssignedWork {
  /** Most inputs in one run; nothing is sent before the engine has told it. */
  maxBatch = 1;
  #run: Run | undefined;
  /** Sent and not begun, by ticket. */
  readonly #sent = new Map<number, Work>();

  get run(): Run | undefined {
    return this.#run;
  }

  /** The engine is neither at work nor about to begin. */
  get empty(): boolean {
    return this.#run === undefined && this.#sent.size === 0;
  }

  /** All of it is answered, and the engine is about to say that its run is over. */
  get over(): boolean {
    return this.#run?.over === true && this.#sent.size === 0;
  }

  /** Something was sent to an engine that is free: it begins at once. */
  get beginning(): boolean {
    return this.#beginning > 0;
  }

  /** Inputs that the engine is busy with, or begins with as soon as it gets them. */
  get running(): number {
    return this.#run?.works.length ?? this.#beginning;
  }

  /** Inputs that wait in the engine behind others. */
  get waiting(): number {
    return this.#sent.size - this.#beginning;
  }

  /** Inputs that may be sent ahead now: one run's worth. Behind a suspect nobody has to wait. */
  get room(): number {
    return this.#all().some((work) => work.suspect) ? 0 : Math.max(0, this.maxBatch - this.#sent.size);
  }

  holds(work: Work): boolean {
    return this.#sent.has(work.ticket) || this.#run?.works.includes(work) === true;
  }

  /** These are sent under their tickets. */
  add(works: readonly Work[]): void {
    for (const work of works) this.#sent.set(work.ticket, work);
  }

  /** Takes back up to `limit` inputs that wait behind others. */
  takeBack(limit: number): Work[] {
    const works = [...this.#sent.values()].slice(this.#beginning, this.#beginning + limit);
    for (const work of works) this.remove(work);
    return works;
  }

  remove(work: Work): void {
    this.#sent.delete(work.ticket);
  }

  /** What was taken back a moment too late runs for nothing: it is no part of the run that is kept here. */
  begin(tickets: readonly number[], startedAt: number, killed: boolean): Run {
    const works = tickets.flatMap((ticket) => this.#sent.get(ticket) ?? []);
    for (const work of works) this.remove(work);
    this.#run = new Run(works, startedAt, killed);
    return this.#run;
  }

  endRun(): void {
    this.#run = undefined;
  }

  /** Takes everything from an engine that is gone, divided into what it may have died of and the rest. */
  lose(killed: boolean): LostWork {
    const all = this.#all();
    const running = this.#guilty(killed);
    this.#run = undefined;
    this.#sent.clear();
    return { running, waiting: all.filter((work) => !running.includes(work)) };
  }

  /** Its run, unless that began after the kill; or else what it was about to begin when it died by itself. */
  #guilty(killed: boolean): readonly Work[] {
    if (this.#run !== undefined) return this.#run.afterKill ? [] : this.#run.works;
    return killed ? [] : [...this.#sent.values()];
  }

  /** Inputs on their way to a free engine. */
  get #beginning(): number {
    return this.#run === undefined ? Math.min(this.#sent.size, this.maxBatch) : 0;
  }

  #all(): Work[] {
    return [...(this.#run?.works ?? []), ...this.#sent.values()];
  }
}
