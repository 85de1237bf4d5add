import type { CancelTimer, Clock } from './engine.ts';

/**
 * A timer for a point in time that moves often. Moving it later costs nothing: the timer fires when it was first set to, and is
 * then set again for the rest.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #at = Number.POSITIVE_INFINITY;
  #timerAt = Number.POSITIVE_INFINITY;
  #cancelTimer: CancelTimer = () => {};

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** When it is due; infinity while it is not set. */
  get at(): number {
    return this.#at;
  }

  set(at: number): void {
    this.#at = at;
    if (at < this.#timerAt) this.#startTimer();
  }

  /** Leaves no timer behind. */
  clear(): void {
    this.#cancelTimer();
    this.#at = Number.POSITIVE_INFINITY;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #startTimer(): void {
    this.#cancelTimer();
    this.#timerAt = this.#at;
    this.#cancelTimer = this.#clock.schedule(Math.max(0, this.#at - this.#clock.now()), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (this.#clock.now() < this.#at) {
      if (this.#at < Number.POSITIVE_INFINITY) this.#startTimer();
      return;
    }
    this.#at = Number.POSITIVE_INFINITY;
    this.#onDue();
  };
}

/** Something that expires at its deadline, unless it ends before. */
export interface Expiring {
  /** A point in time, which may move later. */
  readonly deadline: number;
  expire(): void;
}

/** The deadlines of all jobs of a model, on one timer: it fires for the earliest, then looks for the next. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #open = new Set<Expiring>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#expireDue());
  }

  now(): number {
    return this.#clock.now();
  }

  add(one: Expiring): void {
    this.#open.add(one);
    if (one.deadline < this.#alarm.at) this.#alarm.set(one.deadline);
  }

  delete(one: Expiring): void {
    this.#open.delete(one);
    // Otherwise the timer may fire for a job that has ended: to look for the earliest deadline each time would cost more.
    if (this.#open.size === 0) this.#alarm.clear();
  }

  #expireDue(): void {
    const now = this.#clock.now();
    for (const one of this.#open) if (one.deadline <= now) one.expire();
    let next = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#open) next = Math.min(next, deadline);
    if (next < Number.POSITIVE_INFINITY) this.#alarm.set(next);
  }
}
