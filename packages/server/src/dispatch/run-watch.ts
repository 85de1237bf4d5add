import type { CallOff, Clock } from './clock.ts';
import type { Run } from './run.ts';

/** A run whose clients have all left is worth this much patience, and ten times the warm-up, before it is ended. */
const patienceMs = 1_000;
const patienceWarmUps = 10;
/** A model that looks at its signal between two steps has stopped by then, and the engine is spared. */
const graceMs = 500;

/** Ends a run that takes longer than any may, or longer than one is worth for which nobody waits. */
export class RunWatch {
  readonly #clock: Clock;
  readonly #longestMs: number;
  readonly #end: (reason: 'timeout' | 'abandoned') => void;
  #callOffLongest: CallOff = () => {};
  #callOffAbandoned: CallOff | undefined;

  constructor(clock: Clock, longestMs: number, end: (reason: 'timeout' | 'abandoned') => void) {
    this.#clock = clock;
    this.#longestMs = longestMs;
    this.#end = end;
  }

  began(): void {
    this.#callOffLongest = this.#clock.schedule(this.#longestMs, () => this.#end('timeout'));
  }

  /** The run has told something, so the time for the next begins. */
  progressed(): void {
    this.#callOffLongest();
    this.began();
  }

  /** Nobody waits for the run any more. */
  abandoned({ startedAt }: Run, warmUpMs: number): void {
    const patience = Math.max(patienceMs, patienceWarmUps * warmUpMs);
    const left = Math.max(graceMs, startedAt + patience - this.#clock.now());
    this.#callOffAbandoned ??= this.#clock.schedule(left, () => this.#end('abandoned'));
  }

  ended(): void {
    this.#callOffLongest();
    this.#callOffAbandoned?.();
    this.#callOffAbandoned = undefined;
  }
}
