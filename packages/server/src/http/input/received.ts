import { Failure, type FormInput, isFailure, type Task } from '@portico/schemas';
import { z } from 'zod';
import { tooLarge } from './body.ts';
import { Base64File, checkShape, fileFromJson, parseBody } from './json.ts';
import type { UploadedFile } from './media-type.ts';
import { defaultMaxValues, type JsonPath, type LargeParts, type SplitJson, splitJson } from './split-json.ts';
import { Turn } from './turn.ts';

/** Of an input in a batch: its file has three values; a few unknown names more are reported one by one. */
const maxValuesPerFile = 8;
/** In a batch: unknown names in one object of more would hold the loop. It is more than twice what 1000 inputs of two files have. */
const maxBatchValues = 20_000;

/** An input as a protocol received it. */
export type ReceivedInput =
  | { readonly kind: 'file'; readonly file: UploadedFile }
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, UploadedFile>> }
  | { readonly kind: 'value'; readonly value: unknown }
  /** JSON that is too large to check here. */
  | { readonly kind: 'large value'; readonly json: Uint8Array };

const Body = z.strictObject({ input: z.unknown(), params: z.unknown().optional() });
const BatchBody = z.strictObject({ inputs: z.array(z.unknown()), params: z.unknown().optional() });

/** Reads `{"input": …, "params": …}`, where a file is `{"data": base64 or a data URL, "mediaType": …}`. */
export async function readJson(
  task: Task,
  bytes: Buffer,
  maxUploadBytes: number,
): Promise<ReceivedInput & { readonly params: unknown }> {
  if (bytes.length === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  const { text, parts } = await splitJson(bytes, () => largePlaces(task, [['input']]));
  const { input, params } = checkShape(Body, parseBody(text), []);
  return { ...receivedFromJson(task, input, { parts, maxUploadBytes, path: ['input'] }), params };
}

export interface JsonBatch {
  /** A failure stands for an input that is not what the task takes; the others do not suffer from it. */
  readonly inputs: (ReceivedInput | Failure)[];
  readonly params: unknown;
}

export interface ReadJsonBatch extends JsonBatch {
  /** All that is held of the body: the inputs, and the text around what is large in them. */
  readonly heldBytes: number;
}

/** Reads `{"inputs": […], "params": …}`. Throws `BAD_INPUT` for a list that is empty or too long. */
export async function readJsonBatch(
  task: Task,
  bytes: Buffer,
  { maxUploadBytes, maxBatchItems }: { readonly maxUploadBytes: number; readonly maxBatchItems: number },
): Promise<ReadJsonBatch> {
  if (bytes.length === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  const filesEach = task.accepts.kind === 'form' ? Object.keys(task.accepts.parts).length : 1;
  const maxValues = Math.min(defaultMaxValues + maxBatchItems * filesEach * maxValuesPerFile, maxBatchValues);
  const { text, parts } = await splitJson(bytes, () => ({ ...largePlaces(task, [['inputs', '*']]), maxValues }));
  const { inputs, params } = checkShape(BatchBody, parseBody(text), []);
  if (inputs.length === 0) throw new Failure('BAD_INPUT', 'The batch is empty. Send at least one input.');
  if (inputs.length > maxBatchItems)
    throw new Failure('BAD_INPUT', `Send at most ${maxBatchItems} inputs per request (MAX_BATCH_ITEMS).`);
  const received: JsonBatch['inputs'] = [];
  const turn = new Turn();
  for (const [index, input] of inputs.entries()) {
    received.push(orFailure(() => receivedFromJson(task, input, { parts, maxUploadBytes, path: inputPath(index) })));
    if (turn.isOver) await turn.next();
  }
  const heldBytes = [...parts.values()].reduce((sum, { byteLength }) => sum + byteLength, text.length);
  return { inputs: received, params, heldBytes };
}

/** Where an input of a batch is in the body. */
export const inputPath = (index: number): JsonPath => ['inputs', String(index)];

function orFailure<Value>(read: () => Value): Value | Failure {
  try {
    return read();
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

/**
 * Where JSON may be large: in the files of inputs at these places, or in inputs that are themselves JSON.
 * @param names that lead from a file to its base64
 */
export function largePlaces(
  { accepts }: Task,
  places: readonly JsonPath[],
  names: readonly JsonPath[] = [['data']],
): LargeParts {
  if (accepts.kind === 'json') return { values: places };
  const files =
    accepts.kind === 'form'
      ? places.flatMap((place) => Object.keys(accepts.parts).map((part) => [...place, part]))
      : places;
  return { files: files.flatMap((file) => names.map((name) => [...file, ...name])), leavesWrongFiles: true };
}

/** A file of an input in JSON. Throws what `checkShape` and `fileFromJson` throw. */
export type ReadFile = (value: unknown, source: JsonSource) => UploadedFile;

export interface JsonSource {
  readonly parts: SplitJson['parts'];
  readonly maxUploadBytes: number;
  /** Where the value is in the body, for errors. */
  readonly path: JsonPath;
}

/** An input in JSON. Throws `INVALID_PARAMETERS` for a file that has not its shape, and `BAD_INPUT` or `TOO_LARGE` for what is in it. */
export function receivedFromJson(
  { accepts }: Task,
  value: unknown,
  source: JsonSource,
  readFile: ReadFile = encodedFile,
): ReceivedInput {
  if (accepts.kind === 'json') {
    const json = typeof value === 'string' ? source.parts.get(value) : undefined;
    return json === undefined ? { kind: 'value', value } : { kind: 'large value', json };
  }
  if (accepts.kind !== 'form') return { kind: 'file', file: readFile(value, source) };
  const encoded = Object.entries(checkShape(shapeOf(accepts), value, source.path));
  const files = encoded.map(
    ([name, file]) => [name, readFile(file, { ...source, path: [...source.path, name] })] as const,
  );
  if (files.reduce((sum, [, { data }]) => sum + data.byteLength, 0) > source.maxUploadBytes)
    throw tooLarge(source.maxUploadBytes);
  return { kind: 'files', files: Object.fromEntries(files) };
}

const encodedFile: ReadFile = (value, { parts, maxUploadBytes, path }) =>
  fileFromJson(checkShape(Base64File, value, path), { parts, maxUploadBytes, name: [...path, 'data'].join('.') });

/** The names of a form's files, whatever each is; made once, which takes longer than to check one. */
const shapes = new WeakMap<FormInput, z.ZodObject<Record<string, z.ZodUnknown>>>();

function shapeOf(form: FormInput): z.ZodObject<Record<string, z.ZodUnknown>> {
  const known = shapes.get(form);
  if (known !== undefined) return known;
  const shape = z.strictObject(Object.fromEntries(Object.keys(form.parts).map((name) => [name, present])));
  shapes.set(form, shape);
  return shape;
}

const present = z.unknown().refine((value) => value !== undefined, 'The file is missing');

/** The bytes that an input holds of its upload. */
export function byteLengthOf(received: ReceivedInput): number {
  if (received.kind === 'file') return received.file.data.byteLength;
  if (received.kind === 'files')
    return Object.values(received.files).reduce((sum, { data }) => sum + data.byteLength, 0);
  return received.kind === 'value' ? 0 : received.json.byteLength;
}
