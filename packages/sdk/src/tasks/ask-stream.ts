import { withDeadline } from '../calls/deadline.ts';
import { runCall } from '../calls/run-call.ts';
import type { Client } from '../client.ts';
import { toFormFile } from '../files/to-form-file.ts';
import type { CallOptions } from '../options.ts';
import { porticoErrorOf } from '../trpc/portico-error-of.ts';
import { once } from './once.ts';
import { takesFile } from './takes-file.ts';

/**
 * Asks a streaming task: yields its items and returns its answer. What fails before the first item is tried again; what
 * fails after it is not, since items would be told twice.
 */
export async function* askStream(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: CallOptions = {},
): AsyncGenerator<unknown, unknown, void> {
  const { connection, trpc } = client;
  let leaving = new AbortController();
  const prepared = once(async (signal) => fileValue(await toFormFile(input, signal)));
  try {
    const { items, first } = await runCall(connection, options, async (attempt) => {
      const asked = (await takesFile(client, task, input)) ? { file: await prepared(attempt.signal) } : { input };
      // Outlives the try: the request goes on as long as items come.
      leaving = new AbortController();
      const { signal } = leaving;
      for (const ending of [attempt.signal, options.signal]) {
        ending?.addEventListener('abort', () => leaving.abort(), { once: true, signal });
      }
      const answer = await trpc.mutation(`${task}.stream`, { ...asked, params }, { ...attempt, signal });
      const iterator = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      return { items: iterator, first: await next(iterator) };
    });
    const wait = { signal: options.signal, timeoutMs: options.timeoutMs ?? connection.timeoutMs };
    for (let step = first; ; step = await withDeadline(wait, () => next(items))) {
      if (step.done === true) return step.value;
      yield step.value;
    }
  } finally {
    leaving.abort();
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
  const data = new Uint8Array(await blob.arrayBuffer());
  return { data, name, ...(blob.type === '' ? {} : { mediaType: blob.type }) };
}
