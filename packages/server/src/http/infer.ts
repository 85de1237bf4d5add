import { Failure } from '@portico/schemas';
import type { InferInput, InferOutput } from '../inference.ts';
import { mediaTypeOf } from './input/media-type.ts';
import type { UploadedFile } from './input/multipart-input.ts';
import { checkParameters } from './input/parameters.ts';
import type { ServedModel } from './served-model.ts';

export type Question = { readonly file: UploadedFile } | { readonly value: unknown };

export interface InferOptions {
  readonly parameters: unknown;
  /** Milliseconds in which the client wants an answer; asked when all of the input has passed its checks. */
  readonly deadline: () => number;
  readonly signal: AbortSignal;
  /** What the client wants besides JSON. */
  readonly outputAs?: InferInput['outputAs'];
  /** Hears the items on the way to the answer. */
  readonly onItem?: (item: Uint8Array) => void;
}

/** Asks a model about one input: the checks by content, then the parameters, then the queue. Every door ends here. */
export async function infer(model: ServedModel, question: Question, options: InferOptions): Promise<InferOutput> {
  const { bytes, mediaType } = await payloadOf(model, question);
  const params = checkParameters(model.task, options.parameters);
  return model.dispatcher.submit(
    { bytes, mediaType, params, outputAs: options.outputAs },
    { timeoutMs: options.deadline(), signal: options.signal, onItem: options.onItem },
  );
}

async function payloadOf(
  { task }: ServedModel,
  question: Question,
): Promise<{ bytes: Uint8Array; mediaType: string | null }> {
  if (task.accepts.kind === 'json') {
    if (!('value' in question)) throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${task.name} takes JSON, not a file.`);
    return { bytes: Buffer.from(JSON.stringify(question.value)), mediaType: null };
  }
  if (!('file' in question)) throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${task.name} takes a file.`);
  const { data, mediaType } = question.file;
  if (data.byteLength === 0) throw new Failure('BAD_INPUT', 'The upload is empty.');
  return { bytes: data, mediaType: await mediaTypeOf(data, mediaType, task.accepts) };
}
