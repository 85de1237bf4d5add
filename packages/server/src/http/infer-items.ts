import { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { InferInput, InferOutput } from '../inference.ts';
import type { ServedModel } from './gateway.ts';

/** How much a client may leave unread before the stream ends. */
const maxUnreadBytes = 4 * 1024 * 1024;

/** Who wants an output, until when. */
export interface InferOptions {
  readonly client: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Runs a streaming model on one input: yields its items as they come, and returns the output. */
export async function* inferItems(
  { dispatcher }: ServedModel,
  input: InferInput,
  { client, timeoutMs, signal }: InferOptions,
): AsyncGenerator<Uint8Array, InferOutput, void> {
  const consumerAbort = new AbortController();
  const items = new Readable({ objectMode: true, read: () => {} });
  let unreadBytes = 0;
  const output = dispatcher
    .submit(
      { ...input, outputAs: 'items' },
      {
        client,
        timeoutMs,
        signal: AbortSignal.any([signal, consumerAbort.signal]),
        onItem: (item) => {
          unreadBytes += item.byteLength;
          if (unreadBytes > maxUnreadBytes) consumerAbort.abort();
          else items.push(item);
        },
      },
    )
    .finally(() => items.push(null));
  // It is awaited below, unless the client stops before.
  output.catch(() => {});
  try {
    for await (const item of items as AsyncIterable<Uint8Array>) {
      unreadBytes -= item.byteLength;
      yield item;
    }
    return await output;
  } catch (error) {
    if (!consumerAbort.signal.aborted) throw error;
    throw new Failure('REQUEST_TIMEOUT', 'The client did not read the stream fast enough.', { cause: error });
  } finally {
    consumerAbort.abort();
  }
}
