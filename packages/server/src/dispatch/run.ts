import type { Outcome } from './engine.ts';
import type { Work } from './work.ts';

/** What an engine is busy with. */
export class Run {
  readonly works: readonly Work[];
  readonly startedAt: number;
  /** It began when its engine was being killed already, and is not to blame for that. */
  readonly afterKill: boolean;
  #succeeded = false;
  #outcomes = 0;

  constructor(works: readonly Work[], startedAt: number, afterKill: boolean) {
    this.works = works;
    this.startedAt = startedAt;
    this.afterKill = afterKill;
  }

  /** At least one input has got its answer from it. */
  get succeeded(): boolean {
    return this.#succeeded;
  }

  /** Every outcome has come: the engine is done, although its word for that is still on its way. */
  get over(): boolean {
    return this.works.length > 0 && this.#outcomes >= this.works.length;
  }

  /** Nobody waits for any of it. */
  get abandoned(): boolean {
    return this.works.every((work) => work.answered);
  }

  count(outcome: Outcome): void {
    this.#succeeded ||= outcome.ok;
    this.#outcomes += 1;
  }
}
