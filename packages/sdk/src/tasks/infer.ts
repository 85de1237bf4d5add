import { type CallContext, runCall } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { post } from '../calls/send.ts';
import { isPorticoError } from '../errors/portico-error.ts';
import { foreignResponse, readJson, unreachable } from '../errors/response-error.ts';
import { isFileForSure } from '../files/file-input.ts';
import { notAFile, unusableFor } from '../files/input-error.ts';
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

/** Sends the file of a call for one media type; undefined if the input is not a file. */
type SendFile = (context: CallContext, accept: string) => Promise<Response | undefined>;

/** Runs a task: with a file over REST, where bytes travel as they are, with JSON over tRPC. */
export async function infer(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<unknown> {
  const sendFile = fileSender(client, task, input, params, options);
  return runCall(client.connection, options, async (context) => {
    const response = await sendFile(context, 'application/json');
    return response === undefined
      ? client.trpc.mutation(`${task}.infer`, { input, params }, context)
      : readJson(response);
  });
}

/** Runs a task for the picture that it produces. */
export async function inferImage(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<Blob> {
  const sendFile = fileSender(client, task, input, params, options);
  return runCall(client.connection, options, async (context) => {
    const response = await sendFile(context, 'image/png');
    if (response === undefined) throw notAFile(input);
    if (!/^image\//i.test(response.headers.get('content-type') ?? '')) throw foreignResponse(response);
    return response.blob().catch((cause: unknown) => {
      throw unreachable(cause);
    });
  });
}

function fileSender(
  { connection, kinds }: Client,
  task: string,
  input: unknown,
  params: object,
  { onUploadProgress }: UploadOptions,
): SendFile {
  const prepared = once((signal) => encodeUpload(input, params, signal));
  return async (context, accept) => {
    if (!(await kinds.isFile(task, input, context))) return undefined;
    const { body, headers } = await prepared(context.signal);
    return post(connection, context, { path: `/${task}`, headers: { ...headers, accept }, body, onUploadProgress });
  };
}

/** Prepares the input of a call once for all of its requests. Throws BAD_INPUT if that fails, whatever the reason. */
export function once<Value>(prepare: (signal: AbortSignal) => Promise<Value>): (signal: AbortSignal) => Promise<Value> {
  let prepared: Promise<Value> | undefined;
  return (signal) =>
    (prepared ??= prepare(signal).catch((cause: unknown) => {
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
