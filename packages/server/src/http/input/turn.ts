import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work at a time, in milliseconds, before others have a turn. */
const turnMs = 2;

/** One turn of work on the loop after the other: long work checks now and then whether the turn is over. */
export class Turn {
  #end = performance.now() + turnMs;

  get isOver(): boolean {
    return performance.now() > this.#end;
  }

  /** Lets others have theirs. */
  async next(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + turnMs;
  }
}
