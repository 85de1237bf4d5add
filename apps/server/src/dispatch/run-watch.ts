import type { CallOff, Clock } from './clock.ts';
import type { Run } from './run.ts';

/** A run whose callers have all left is worth this much patience, and ten times the warm-up, before it is ended. */
const patienceMilliseconds = 1_000;
const patienceWarmUps = 10;
/** A model that looks at its signal between two steps has stopped by then, and the engine is spared. */
const graceMilliseconds = 500;

/** Ends a run that takes longer than any may, or longer than one is worth for which nobody waits. */
export class RunWatch {
  readonly #clock: Clock;
  readonly #longestMilliseconds: number;
  readonly #end: (reason: 'timeout' | 'abandoned') => void;
  #callOffLongest: CallOff = () => {};
  #callOffAbandoned: CallOff | undefined;

  constructor(clock: Clock, longestMilliseconds: number, end: (reason: 'timeout' | 'abandoned') => void) {
    this.#clock = clock;
    this.#longestMilliseconds = longestMilliseconds;
    this.#end = end;
  }

  began(): void {
    this.#callOffLongest = this.#clock.schedule(this.#longestMilliseconds, () => this.#end('timeout'));
  }

  /** The run has told something, so the time for the next begins. */
  progressed(): void {
    this.#callOffLongest();
    this.began();
  }

  /** Nobody waits for the run any more. */
  abandoned({ startedAt }: Run, warmUpMilliseconds: number): void {
    const patience = Math.max(patienceMilliseconds, patienceWarmUps * warmUpMilliseconds);
    const left = Math.max(graceMilliseconds, startedAt + patience - this.#clock.now());
    this.#callOffAbandoned ??= this.#clock.schedule(left, () => this.#end('abandoned'));
  }

  ended(): void {
    this.#callOffLongest();
    this.#callOffAbandoned?.();
    this.#callOffAbandoned = undefined;
  }
}
