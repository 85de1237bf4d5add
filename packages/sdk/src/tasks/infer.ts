import { type CallContext, runCall } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { post, type PostRequest } from '../calls/send.ts';
import { isPorticoError } from '../errors/portico-error.ts';
import { foreignResponse, isJson, readJson, unreachable } from '../errors/response-error.ts';
import { isFileForSure } from '../files/file-input.ts';
import { unusableFor } from '../files/input-error.ts';
import { encodeUpload } from '../files/upload.ts';
import type { BatchOptions, CallOptions, UploadOptions } from '../options.ts';
import { filesOf, type GivenTask } from './given-tasks.ts';
import { jsonText } from './json-body.ts';
import type { BatchResult } from './method-types.ts';

/** Everything that a task responds with but JSON and events: the bytes that it produces, whatever their type is. */
const bytesOnly = '*/*, application/json;q=0, text/event-stream;q=0';

/** Sends the input of one call, for each of its requests; resolves with a successful response. */
export type Send = (context: CallContext, accept: string) => Promise<Response>;

/** How to send the input of a call: files as a form, anything else as JSON. It is prepared once, by the first request. */
export function sender(
  connection: Connection,
  task: GivenTask,
  input: unknown,
  params: object,
  { onUploadProgress }: UploadOptions = {},
): Send {
  let prepared: Promise<Encoded> | undefined;
  return async (context, accept) => {
    prepared ??= encodeInput(task, input, params, context.signal).catch((cause: unknown) => {
      throw unusableFor('The input cannot be sent', cause);
    });
    const { body, headers } = await prepared;
    return post(connection, context, {
      path: `/${task.name}`,
      headers: { ...headers, accept },
      body,
      onUploadProgress,
    });
  };
}

type Encoded = Pick<PostRequest, 'body' | 'headers'>;

async function encodeInput(task: GivenTask, input: unknown, params: object, signal: AbortSignal): Promise<Encoded> {
  const files = filesOf(task, input);
  const paramsText = jsonText('params', params);
  if (files !== undefined) return encodeUpload(files, params, signal);
  const body = `{"input":${jsonText('input', input)},"params":${paramsText}}`;
  return { body, headers: { 'content-type': 'application/json' } };
}

/** Runs a task. */
export async function infer(
  connection: Connection,
  task: GivenTask,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<unknown> {
  const send = sender(connection, task, input, params, options);
  return runCall(connection, options, async (context) => readJson(await send(context, 'application/json')));
}

/** Runs a task for the bytes that it produces: of this type, or of the one that the task has for them. */
export async function inferBlob(
  connection: Connection,
  task: GivenTask,
  type: string | undefined,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<Blob> {
  const wanted = type ?? task.produces;
  const send = sender(connection, task, input, params, options);
  return runCall(connection, options, async (context) => {
    const response = await send(context, wanted ?? bytesOnly);
    if (!isProduced(response, wanted)) throw foreignResponse(response);
    return response.blob().catch((cause: unknown) => {
      throw unreachable(cause);
    });
  });
}

/** Whether a response is what a task has produced, and not the page of a proxy. */
function isProduced(response: Response, wanted: string | undefined): boolean {
  const type = response.headers.get('content-type') ?? '';
  if (wanted !== undefined) return type.startsWith(wanted.replace('*', ''));
  if (type === '' || isJson(response)) return false;
  // A task may produce a page.
  return !/^text\/html\b/i.test(type) || response.headers.has('x-request-id');
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
