import { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CancelSignal, JobTrace } from '../dispatch/job.ts';
import type { InferInput, InferOutput } from '../inference.ts';
import type { Gateway, ServedModel } from './gateway.ts';
import { clientOf } from './plugins/clients.ts';
import { exchangeOf } from './plugins/exchanges.ts';

/** How much a client may leave unread before the stream ends. */
const maxUnreadBytes = 4 * 1024 * 1024;

/** Who wants an output, until when. */
export interface InferOptions {
  readonly client: string;
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
  readonly trace: JobTrace | undefined;
}

/** The client of a request wants it, as long as it stays connected. */
export const inferOptions = (request: FastifyRequest, reply: FastifyReply, timeoutMs: number): InferOptions => ({
  client: clientOf(request),
  timeoutMs,
  signal: exchangeOf(reply),
  trace: request.trace,
});

export interface StreamedInput {
  /** Called once. Its input is not kept here while the client reads. */
  readonly read: () => Promise<InferInput>;
  /** Called after it. */
  readonly options: () => InferOptions;
  /** The input is not needed any more, whether or not the client has read the items. */
  readonly onSettled: () => void;
}

/** Runs a streaming model on one input: yields its items as they come, and returns the output. */
export async function* inferItems(
  { outputs }: Gateway,
  { dispatcher }: ServedModel,
  { read, options, onSettled }: StreamedInput,
): AsyncGenerator<Uint8Array, InferOutput, void> {
  /** Nobody takes items any more. */
  const stop = new AbortController();
  let tooSlow = false;
  const stopSlow = (): void => {
    tooSlow = true;
    stop.abort();
  };
  const items = new Readable({ objectMode: true, read: () => {} });
  const unread = outputs.open(() => {
    stopSlow();
    items.destroy();
  });
  let unreadBytes = 0;
  const onItem = (item: Uint8Array): void => {
    unreadBytes += item.byteLength;
    unread.add(item.byteLength);
    if (unreadBytes > maxUnreadBytes) stopSlow();
    if (!stop.signal.aborted) items.push(item);
  };
  const submit = async (): Promise<InferOutput> => {
    const input = await read();
    const wanted = options();
    if (wanted.signal.aborted) stop.abort();
    else wanted.signal.addEventListener('abort', () => stop.abort(), { once: true });
    return dispatcher.submit({ ...input, outputAs: 'items' }, { ...wanted, signal: stop.signal, onItem });
  };
  const output = submit().finally(() => {
    onSettled();
    items.push(null);
  });
  // It is awaited below, unless the client stops before.
  output.catch(() => {});
  try {
    for await (const item of items as AsyncIterable<Uint8Array>) {
      unreadBytes -= item.byteLength;
      unread.read(item.byteLength);
      yield item;
    }
    return await output;
  } catch (error) {
    if (!tooSlow) throw error;
    throw new Failure('REQUEST_TIMEOUT', 'The client did not read the stream fast enough.', { cause: error });
  } finally {
    unread.close();
    stop.abort();
  }
}
