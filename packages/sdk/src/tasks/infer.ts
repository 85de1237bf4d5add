import { type CallContext, runCall } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { post, type PostRequest } from '../calls/send.ts';
import { isPorticoError } from '../errors/portico-error.ts';
import { foreignResponse, readJson, unreachable } from '../errors/response-error.ts';
import { isFileForSure } from '../files/file-input.ts';
import { unusableFor } from '../files/input-error.ts';
import type { Files } from '../files/read-file.ts';
import { encodeUpload } from '../files/upload.ts';
import type { BatchOptions, CallOptions, UploadOptions } from '../options.ts';
import type { UntypedTrpc } from '../trpc/trpc-client.ts';
import type { BatchResult } from './method-types.ts';
import type { TaskKinds } from './task-kinds.ts';

/** What the methods of a client share. */
export interface Client {
  readonly connection: Connection;
  readonly trpc: UntypedTrpc;
  readonly kinds: TaskKinds;
}

/** Runs a task: with files over REST, where bytes travel as they are, with JSON over tRPC. */
export async function infer(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<unknown> {
  const send = sender(client, task, input, params, options);
  return runCall(client.connection, options, async (context) => {
    const files = await client.kinds.filesOf(task, input, context);
    return files === undefined
      ? client.trpc.mutation(`${task}.infer`, { input, params }, context)
      : readJson(await send(context, files, 'application/json'));
  });
}

/** Runs a task for the bytes that it produces: of this type, or of the one that the server has for it. */
export async function inferBlob(
  client: Client,
  task: string,
  type: string | undefined,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<Blob> {
  const send = sender(client, task, input, params, options);
  return runCall(client.connection, options, async (context) => {
    const accept = type ?? (await client.kinds.producedType(task, context));
    const response = await send(context, await client.kinds.filesOf(task, input, context), accept);
    if (!response.headers.get('content-type')?.startsWith(accept.replace('*', ''))) throw foreignResponse(response);
    return response.blob().catch((cause: unknown) => {
      throw unreachable(cause);
    });
  });
}

/** Sends the input of a call over REST: its files as a form, or else JSON. */
function sender(
  { connection }: Client,
  task: string,
  input: unknown,
  params: object,
  { onUploadProgress }: UploadOptions,
): (context: CallContext, files: Files | undefined, accept: string) => Promise<Response> {
  const prepared = once(async (signal, files): Promise<Pick<PostRequest, 'body' | 'headers'>> =>
    files === undefined
      ? { body: JSON.stringify({ input, params }), headers: { 'content-type': 'application/json' } }
      : encodeUpload(files, params, signal),
  );
  return async (context, files, accept) => {
    const { body, headers } = await prepared(context.signal, files);
    return post(connection, context, { path: `/${task}`, headers: { ...headers, accept }, body, onUploadProgress });
  };
}

type Prepare<Value> = (signal: AbortSignal, files: Files | undefined) => Promise<Value>;

/** Prepares the input of a call once for all of its requests. Throws BAD_INPUT if that fails, whatever the reason. */
export function once<Value>(prepare: Prepare<Value>): Prepare<Value> {
  let prepared: Promise<Value> | undefined;
  return (signal, files) =>
    (prepared ??= prepare(signal, files).catch((cause: unknown) => {
      throw unusableFor('The input cannot be sent', cause);
    }));
}

type Infer = (input: unknown, params?: object, options?: CallOptions) => Promise<unknown>;

/**
 * Runs a task on several inputs, a few at a time; the results are in their order.
 *
 * @throws {TypeError} if the inputs are a single one, or an option is invalid.
 */
export async function inferBatch(
  inferOne: Infer,
  inputs: Iterable<unknown>,
  params: object | undefined,
  options: BatchOptions = {},
): Promise<BatchResult<unknown>[]> {
  if (typeof inputs === 'string' || isFileForSure(inputs))
    throw new TypeError('A batch is a list of inputs: pass [input].');
  const { concurrency = 4, ...call } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(`concurrency must be a whole number above 0, not ${String(concurrency)}.`);
  }
  const all = [...inputs];
  const pending = all.entries();
  const results: BatchResult<unknown>[] = [];
  const work = async (): Promise<void> => {
    for (const [index, input] of pending) results[index] = await settled(inferOne(input, params, call));
  };
  const stop = (error: unknown): never => {
    // Leaves nothing for the others to start.
    all.length = 0;
    throw error;
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, () => work().catch(stop)));
  return results;
}

async function settled(call: Promise<unknown>): Promise<BatchResult<unknown>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (isPorticoError(error)) return { ok: false, error };
    throw error;
  }
}
