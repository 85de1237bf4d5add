import { withDeadline } from '../calls/deadline.ts';
import { onAbort } from '../calls/on-abort.ts';
import { runCall } from '../calls/run-call.ts';
import type { Client } from '../client.ts';
import { toFormFile } from '../files/to-form-file.ts';
import { unusableFor } from '../files/unusable-input.ts';
import type { CallOptions } from '../options.ts';
import { porticoErrorOf } from '../trpc/portico-error-of.ts';
import { once } from './once.ts';
import { takesFile } from './takes-file.ts';

type Stream = AsyncGenerator<unknown, unknown, void>;

/** Why a stream ended whose reader left it. */
const left = Symbol('left');

/**
 * Asks a streaming task: yields its items and returns its answer. What fails before the first item is tried again; what
 * fails after it is not, since items would be told twice.
 */
export function askStream(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: CallOptions = {},
): Stream {
  const ending = new AbortController();
  const items = tellItems(client, task, { input, params }, options, ending);
  const leave = items.return.bind(items);
  return Object.assign(items, {
    // A generator hears of this only when it has its next item.
    return: (value: unknown) => {
      ending.abort(left);
      return leave(value);
    },
  });
}

async function* tellItems(
  client: Client,
  task: string,
  { input, params }: { readonly input: unknown; readonly params: object },
  options: CallOptions,
  ending: AbortController,
): Stream {
  const { connection, trpc } = client;
  const { signal } = ending;
  const { signal: callerSignal } = options;
  const abort = (): void => ending.abort(callerSignal?.reason);
  if (callerSignal?.aborted === true) abort();
  const stopListening = callerSignal && onAbort(callerSignal, abort);
  const prepared = once(async (reading) => fileValue(await toFormFile(input, reading)));
  try {
    const { items, first } = await runCall(connection, { ...options, signal }, async (attempt) => {
      const asked = (await takesFile(client, task, input, attempt))
        ? { file: await prepared(attempt.signal) }
        : { input };
      // Outlives the try: the request goes on as long as items come.
      const answer = await trpc.mutation(`${task}.stream`, { ...asked, params }, { ...attempt, signal });
      const iterator = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      return { items: iterator, first: await next(iterator) };
    });
    const wait = { signal, timeoutMs: options.timeoutMs ?? connection.timeoutMs };
    for (let step = first; ; step = await withDeadline(wait, () => next(items))) {
      if (step.done === true) return step.value;
      yield step.value;
    }
  } catch (error) {
    if (signal.reason === left) return undefined;
    throw error;
  } finally {
    stopListening?.();
    ending.abort();
  }
}

async function next(items: AsyncIterator<unknown, unknown>): Promise<IteratorResult<unknown, unknown>> {
  try {
    return await items.next();
  } catch (error) {
    throw porticoErrorOf(error);
  }
}

/** A file as it travels over tRPC. */
async function fileValue({ blob, name }: { blob: Blob; name: string }): Promise<object> {
  const data = new Uint8Array(
    await blob.arrayBuffer().catch((cause: unknown) => {
      throw unusableFor('The file cannot be read', cause);
    }),
  );
  return { data, name, ...(blob.type === '' ? {} : { mediaType: blob.type }) };
}
