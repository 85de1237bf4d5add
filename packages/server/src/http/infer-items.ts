import { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { InferOutput } from '../inference.ts';
import { infer, type InferOptions, type Question } from './infer.ts';
import type { ServedModel } from './served-model.ts';

/** What a client may leave unread; whoever reads more slowly than that is let go. */
const maxUnreadBytes = 4 * 1024 * 1024;

/** Asks a streaming model about one input: yields its items as they come, and returns the answer. */
export async function* inferItems(
  model: ServedModel,
  question: Question,
  options: Omit<InferOptions, 'outputAs' | 'onItem'>,
): AsyncGenerator<Uint8Array, InferOutput, void> {
  const leaving = new AbortController();
  const items = new Readable({ objectMode: true, read: () => {} });
  let unreadBytes = 0;
  const answer = infer(model, question, {
    ...options,
    signal: AbortSignal.any([options.signal, leaving.signal]),
    outputAs: 'items',
    onItem: (item) => {
      unreadBytes += item.byteLength;
      if (unreadBytes > maxUnreadBytes) leaving.abort();
      else items.push(item);
    },
  }).finally(() => items.push(null));
  // It is awaited below, unless the client stops before.
  answer.catch(() => {});
  try {
    for await (const item of items as AsyncIterable<Uint8Array>) {
      unreadBytes -= item.byteLength;
      yield item;
    }
    return await answer;
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    throw new Failure('REQUEST_TIMEOUT', 'The items are not read fast enough.', { cause: error });
  } finally {
    leaving.abort();
  }
}
