import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Reply } from './ask.ts';
import type { ServerProcess } from './server-process.ts';

export interface Traffic extends AsyncDisposable {
  /** Every answer so far. */
  readonly replies: readonly Reply[];
  /** Sends no more and waits for the last answer. */
  stop(): Promise<readonly Reply[]>;
}

/** Asks the same of a model over and over, one request at a time, to see whether it notices what befalls another. */
export function traffic(server: ServerProcess, model: string, input: unknown, pauseMs = 20): Traffic {
  const replies: Reply[] = [];
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      replies.push(await ask(server, model, input));
      await sleep(pauseMs);
    }
  })();
  const stop = async (): Promise<readonly Reply[]> => {
    stopping.abort();
    await ended;
    return replies;
  };
  return { replies, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
