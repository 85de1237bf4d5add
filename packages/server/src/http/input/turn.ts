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

/** Pieces of text as UTF-8, put together in turns. */
export async function joinedInTurns(pieces: Iterable<string>): Promise<Buffer> {
  const turn = new Turn();
  const done: Buffer[] = [];
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (!turn.isOver) continue;
    done.push(Buffer.from(text));
    text = '';
    await turn.next();
  }
  if (done.length === 0) return Buffer.from(text);
  done.push(Buffer.from(text));
  const all = Buffer.allocUnsafeSlow(done.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of done) {
    end += part.copy(all, end);
    if (turn.isOver) await turn.next();
  }
  return all;
}
