import { Alarm } from './alarm.ts';
import type { Clock } from './engine.ts';

/**
 * A run whose clients have all gone may last this long, or ten warm-ups, or as long as a replacement loads, whichever is
 * longest: to end it earlier might cost more than what is left of it. What loads longer than the maximum downloads first.
 */
const minAbandonedMs = 1_000;
const abandonedWarmUps = 10;
const maxReplacementMs = 10_000;
/** A model that looks at its signal between two steps has stopped by then, and the engine is spared. */
const abortGraceMs = 500;
/** Between two reports that follow each other at once an engine may be silent this long; after it, it is stopped or hangs. */
const maxSilenceMs = 5_000;

const never = Number.POSITIVE_INFINITY;

type Expired = 'timeout' | 'abandoned' | 'unresponsive';

/** Bounds what an engine does: how long a run may last, how long after its clients have gone, and how late a report may be. */
export class RunTimers {
  readonly #clock: Clock;
  readonly #maxRunMs: number;
  readonly #onExpired: (reason: Expired) => void;
  readonly #alarm: Alarm;
  readonly #deadlines = { timeout: never, abandoned: never, unresponsive: never };

  constructor(clock: Clock, maxRunMs: number, onExpired: (reason: Expired) => void) {
    this.#clock = clock;
    this.#maxRunMs = maxRunMs;
    this.#onExpired = onExpired;
    this.#alarm = new Alarm(clock, () => this.#expire());
  }

  /** A run begins, or makes progress. */
  restartRun(): void {
    this.#deadlines.timeout = this.#clock.now() + this.#maxRunMs;
    this.#setAlarm();
  }

  /** No client waits for the run any more. */
  abandonRun(startedAt: number, warmUpMs: number, replacementMs: number): void {
    if (this.#deadlines.abandoned !== never) return;
    const maxMs = Math.max(minAbandonedMs, abandonedWarmUps * warmUpMs, Math.min(maxReplacementMs, replacementMs));
    this.#deadlines.abandoned = Math.max(this.#clock.now() + abortGraceMs, startedAt + maxMs);
    this.#setAlarm();
  }

  /** The engine owes a report: what it was sent must begin, or its run must end. */
  expectReport(): void {
    if (this.#deadlines.unresponsive !== never) return;
    this.#deadlines.unresponsive = this.#clock.now() + Math.min(maxSilenceMs, this.#maxRunMs);
    this.#setAlarm();
  }

  /** The report has come, and a run with it. */
  endSilence(): void {
    this.#deadlines.unresponsive = never;
  }

  /** The run is over. The timer stays for the next one, unless the engine has nothing more to do. */
  endRun(idle: boolean): void {
    this.#deadlines.timeout = never;
    this.#deadlines.abandoned = never;
    this.#deadlines.unresponsive = never;
    if (idle) this.#alarm.clear();
  }

  /** For the earliest of the deadlines. */
  #setAlarm(): void {
    const { timeout, abandoned, unresponsive } = this.#deadlines;
    this.#alarm.set(Math.min(timeout, abandoned, unresponsive));
  }

  #expire(): void {
    const now = this.#clock.now();
    const { timeout, abandoned, unresponsive } = this.#deadlines;
    const first = Math.min(timeout, abandoned, unresponsive);
    if (first === never) return;
    if (first > now) {
      this.#setAlarm();
      return;
    }
    this.#onExpired(first === timeout ? 'timeout' : first === abandoned ? 'abandoned' : 'unresponsive');
  }
}
