import type { CancelTimer, Clock } from './engine.ts';

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

type Expired = 'timeout' | 'abandoned' | 'unresponsive';

/** Bounds what an engine does: how long a run may last, how long after its clients have gone, and how late a report may be. */
export class RunTimers {
  readonly #clock: Clock;
  readonly #maxRunMs: number;
  readonly #onExpired: (reason: Expired) => void;
  #cancelRun: CancelTimer | undefined;
  #cancelAbandoned: CancelTimer | undefined;
  #cancelSilence: CancelTimer | undefined;

  constructor(clock: Clock, maxRunMs: number, onExpired: (reason: Expired) => void) {
    this.#clock = clock;
    this.#maxRunMs = maxRunMs;
    this.#onExpired = onExpired;
  }

  /** A run begins, or makes progress. */
  restartRun(): void {
    this.#cancelRun?.();
    this.#cancelRun = this.#clock.schedule(this.#maxRunMs, () => this.#onExpired('timeout'));
  }

  /** No client waits for the run any more. */
  abandonRun(startedAt: number, warmUpMs: number, replacementMs: number): void {
    const maxMs = Math.max(minAbandonedMs, abandonedWarmUps * warmUpMs, Math.min(maxReplacementMs, replacementMs));
    const remainingMs = Math.max(abortGraceMs, startedAt + maxMs - this.#clock.now());
    this.#cancelAbandoned ??= this.#clock.schedule(remainingMs, () => this.#onExpired('abandoned'));
  }

  /** The engine owes a report: what it was sent must begin, or its run must end. */
  expectReport(): void {
    const silenceMs = Math.min(maxSilenceMs, this.#maxRunMs);
    this.#cancelSilence ??= this.#clock.schedule(silenceMs, () => this.#onExpired('unresponsive'));
  }

  /** The report has come. */
  endSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
  }

  /** The run is over. */
  clear(): void {
    this.endSilence();
    this.#cancelRun?.();
    this.#cancelAbandoned?.();
    this.#cancelRun = undefined;
    this.#cancelAbandoned = undefined;
  }
}
