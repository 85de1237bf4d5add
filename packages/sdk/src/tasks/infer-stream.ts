import { runCall } from '../calls/call.ts';
import { onAbort, withDeadline } from '../calls/deadline.ts';
import { unusableFor } from '../files/input-error.ts';
import { bytesOfBlob } from '../files/bytes.ts';
import { isBlob } from '../files/file-input.ts';
import { type Files, toFormFiles } from '../files/read-file.ts';
import type { CallOptions } from '../options.ts';
import { porticoErrorOf } from '../trpc/errors.ts';
import { type Client, once } from './infer.ts';

type Stream = AsyncGenerator<unknown, unknown, void>;

/** The reason of a stream that its reader has left. */
const left = Symbol('left');

/**
 * Runs a streaming task: yields its items and returns its output. An error before the first item is retried; one after it is
 * not, because items would come twice.
 */
export function inferStream(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: CallOptions = {},
): Stream {
  const ending = new AbortController();
  const items = readItems(client, task, { input, params }, options, ending);
  const finish = items.return.bind(items);
  return Object.assign(items, {
    // While an item is awaited, a generator does not notice its `return`.
    return: (value: unknown) => {
      ending.abort(left);
      return finish(value);
    },
  });
}

async function* readItems(
  client: Client,
  task: string,
  { input, params }: { readonly input: unknown; readonly params: object },
  options: CallOptions,
  ending: AbortController,
): Stream {
  const { connection, trpc, kinds } = client;
  const { signal } = ending;
  const { signal: givenSignal } = options;
  const abort = (): void => ending.abort(givenSignal?.reason);
  if (givenSignal?.aborted === true) abort();
  const stopListening = givenSignal && onAbort(givenSignal, abort);
  const prepared = once(async (reading, files) => toFileValues(files ?? {}, reading));
  try {
    const { items, first } = await runCall(connection, { ...options, signal }, async (context) => {
      const files = await kinds.filesOf(task, input, context);
      const values = files === undefined ? { input } : await prepared(context.signal, files);
      const call = files === input ? { files: values, params } : { ...values, params };
      // The request outlives the call: it lasts as long as items come.
      const response = await trpc.mutation(`${task}.stream`, call, { ...context, signal });
      const iterator = (response as AsyncIterable<unknown>)[Symbol.asyncIterator]();
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

/** Files as they travel over tRPC. */
async function toFileValues(files: Files, signal: AbortSignal): Promise<Record<string, object>> {
  const values: Record<string, object> = {};
  for (const { part, content, mediaType, name } of await toFormFiles(files, signal)) {
    const data = isBlob(content)
      ? await bytesOfBlob(content).catch((cause: unknown) => {
          throw unusableFor('The file cannot be read', cause);
        })
      : content;
    values[part] = { data, name, ...(mediaType === '' ? {} : { mediaType }) };
  }
  return values;
}
