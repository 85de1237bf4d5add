import type { CallOff, Clock } from './clock.ts';

/** Between two reports that follow each other at once an engine may be silent this long; after it, it is stopped or hangs. */
const patienceMs = 5_000;

/** Notices an engine that owes a sign of life and gives none: nothing it was sent begins, or its run does not end. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #silent: () => void;
  #callOff: CallOff | undefined;

  constructor(clock: Clock, longestRunMs: number, silent: () => void) {
    this.#clock = clock;
    this.#patience = Math.min(patienceMs, longestRunMs);
    this.#silent = silent;
  }

  expectSign(): void {
    this.#callOff ??= this.#clock.schedule(this.#patience, this.#silent);
  }

  heard(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
