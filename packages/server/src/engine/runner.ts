import {
  type BytesField,
  type EncodedFile,
  Failure,
  type FormInput,
  type JsonInput,
  type Task,
  type TensorSignature,
  toIssues,
  type Warning,
} from '@portico/schemas';
import type { z } from 'zod';
import type { EngineInput, FormFile } from '../inference.ts';
import type { LoadContext, Model, ModelInput } from '../model/define-model.ts';
import type { Session } from '../model/session.ts';

/** What an engine runs: a model, or an ONNX file as it is. Encoded inputs in, one output or error for each in the same order. */
export interface Runner {
  run(inputs: readonly EngineInput[], context: RunnerContext): Promise<readonly (RunnerOutput | Error)[]>;
}

export interface RunnerOutput {
  readonly bytes: Uint8Array;
  /** The codes of its warnings, each once. */
  readonly warnings?: readonly string[] | undefined;
}

export interface RunnerContext {
  /** Aborted when no client of this batch waits any more. */
  readonly signal: AbortSignal;
  /** Sends one encoded item of an input now. */
  readonly emit: (input: EngineInput, item: Uint8Array) => void;
}

/** A runner that has yet to pass its warm-up. */
export interface LoadedRunner {
  readonly runner: Runner;
  /** For the run that decides whether the replica is ready; without one there is none. */
  readonly sample?: EngineInput | undefined;
  /** Inputs in one run, or `measured` to let the warm-up find it. */
  readonly maxBatchSize: number | 'measured';
  /** For inputs that may share runs only if a trial shows that they may. Until then each runs alone. */
  readonly trial?: RowTrial | undefined;
  /** The tensors a client may send and get, where the runner is an ONNX file as it is. */
  readonly tensors?: TensorSignature;
}

/** Shows whether inputs of several clients may share a run. */
export interface RowTrial {
  /** @param budgetMs milliseconds that it may take, unless the operator wants it to end whatever it takes */
  readonly run: (budgetMs: number) => Promise<RowFinding>;
  /** Inputs may share runs from now on. */
  readonly allow: () => void;
}

/** What a trial has shown. */
export interface RowFinding {
  /** Each row was answered with the same bits alone as among others. */
  readonly rowWise: boolean;
  /** The trial was not finished, because it would have taken longer than it may. */
  readonly unfinished: boolean;
}

/** A tensor of an ONNX file in the words of ONNX Runtime. */
export interface FileTensor {
  readonly name: string;
  /** `float32`, `int64`, `string` … */
  readonly type: string;
  /** A name is an axis of any length; it may be empty. Undefined where the file does not say how many axes there are. */
  readonly shape: readonly (number | string)[] | undefined;
  /** What its columns are, where a list of maps in the file said so. */
  readonly labels?: readonly (string | number)[] | undefined;
}

export interface OpenedFile extends Session {
  readonly inputs: readonly FileTensor[];
  readonly outputs: readonly FileTensor[];
}

export interface RunnerLoadContext extends LoadContext {
  /** Loads an ONNX file on the device, whatever its tensors. */
  readonly openFile: (path: string) => Promise<OpenedFile>;
}

/** A module that brings a runner of its own where others export a model. */
export interface RunnerModule {
  loadRunner(context: RunnerLoadContext): Promise<LoadedRunner>;
}

/** Loads a model. JSON and files go in, and what comes out has been checked against the contract. */
export async function loadModelRunner(
  model: Model,
  maxBatchSize: number | 'measured',
  context: LoadContext,
): Promise<LoadedRunner> {
  const loaded = await model.load(context);
  return { runner: modelRunner(model, loaded), sample: encodedSample(model.task, await model.warmUp()), maxBatchSize };
}

export function modelRunner(model: Pick<Model, 'task' | 'run'>, loaded: unknown): Runner {
  const { task } = model;
  return {
    async run(inputs, context) {
      const modelInputs = inputs.map((input) => modelInput(task, input, context));
      const valid = modelInputs.filter((input): input is ModelInput => !(input instanceof Failure));
      const outputs: readonly unknown[] =
        valid.length === 0 ? [] : await model.run(valid, { loaded, signal: context.signal });
      if (!Array.isArray(outputs) || outputs.length !== valid.length)
        throw new TypeError(countText(outputs, valid.length));
      let next = 0;
      return inputs.map((input, index) => {
        const refusal = modelInputs[index];
        return refusal instanceof Failure ? refusal : encodedOutput(task, input, outputs[next++]);
      });
    },
  };
}

function countText(outputs: unknown, inputs: number): string {
  const returned = Array.isArray(outputs) ? counted(outputs.length, 'result') : 'no array';
  return (
    `run() returned ${returned} for ${counted(inputs, 'input')}. Return one output or Failure for each input, in ` +
    'the same order.'
  );
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function modelInput(task: Task, input: EngineInput, { emit }: RunnerContext): ModelInput | Failure {
  const params = input.params as ModelInput['params'];
  const content = contentOf(task, input);
  if (content instanceof Failure) return content;
  const streaming = { ...content, params, emit: (item: unknown) => emit(input, encodedItem(task, item)) };
  return streaming as unknown as ModelInput;
}

/** What the model gets: a file, files by their names, or a value. */
function contentOf(task: Task, input: EngineInput): object | Failure {
  const { bytes, mediaType, files } = input;
  if (mediaType !== null) return { file: { data: bytes, mediaType } };
  if (files !== undefined) return { files: filesOf(bytes, files) };
  const value = jsonValue(task, input);
  return value instanceof Failure ? value : { input: value };
}

/** The files of a form, which follow each other in these bytes. */
function filesOf(bytes: Uint8Array, files: readonly FormFile[]): Record<string, EncodedFile> {
  let end = 0;
  return Object.fromEntries(
    files.map(({ name, mediaType, byteLength }) => {
      const start = end;
      end += byteLength;
      return [name, { data: bytes.subarray(start, end), mediaType }];
    }),
  );
}

/** The value of a JSON input; a failure for one that the gateway left to be checked here, and is wrong. */
function jsonValue({ accepts }: Task, { bytes, unchecked }: EngineInput): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (unchecked !== true || accepts.kind !== 'json') return JSON.parse(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
  const parsed = accepts.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, ['input']);
  return new Failure('INVALID_PARAMETERS', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    issues,
  });
}

/**
 * A sample as the gateway would send it.
 * @throws {TypeError} when it is no input of the task.
 */
function encodedSample({ accepts: { kind } }: Task, sample: ModelInput): EngineInput {
  const part = kind === 'json' ? 'input' : kind === 'form' ? 'files' : 'file';
  if (sample?.params === undefined || !(part in sample)) {
    throw new TypeError(
      `warmUp() returns no input of the task: return { ${part}: ${sampleTexts[part]}, params: { … } }, as run() gets it.`,
    );
  }
  const { params } = sample;
  if ('file' in sample) {
    const { data, mediaType } = sample.file;
    return { id: 0, bytes: data, mediaType, params };
  }
  if ('files' in sample) {
    const named = Object.entries((sample as ModelInput<Task & { accepts: FormInput }>).files);
    const files = named.map(([name, { data, mediaType }]) => ({ name, mediaType, byteLength: data.byteLength }));
    return { id: 0, bytes: Buffer.concat(named.map(([, { data }]) => data)), mediaType: null, files, params };
  }
  const { input } = sample as ModelInput<Task & { accepts: JsonInput }>;
  return { id: 0, mediaType: null, bytes: Buffer.from(JSON.stringify(input)), params };
}

const sampleTexts = {
  input: '…',
  file: '{ data, mediaType }',
  files: '{ name: { data, mediaType }, … }',
} as const;

/** An output counts when it has the shape that the task promises. */
function encodedOutput(task: Task, { outputAs }: EngineInput, output: unknown): RunnerOutput | Error {
  if (output instanceof Error) return output;
  const parsed = task.output.safeParse(output);
  if (!parsed.success) {
    return new Error(
      `The output does not match the contract: ${mistakes(parsed.error, 'output')}. Change what run() returns, or the contract.`,
    );
  }
  const warnings = warningCodes(task, parsed.data);
  if (outputAs !== 'bytes' || task.produces === undefined)
    return { bytes: Buffer.from(JSON.stringify(parsed.data)), warnings };
  const bytes = producedBytes(task.produces, parsed.data);
  return bytes instanceof Error ? bytes : { bytes, warnings };
}

/** Each code of the output's warnings once; undefined without any. */
function warningCodes({ warnings: declared }: Task, output: unknown): readonly string[] | undefined {
  if (declared === undefined) return undefined;
  const { warnings } = output as { readonly warnings: readonly Warning[] };
  return warnings.length === 0 ? undefined : [...new Set(warnings.map(({ code }) => code))];
}

function encodedItem(task: Task, item: unknown): Uint8Array {
  const parsed = task.item?.safeParse(item);
  if (parsed?.success === true) return Buffer.from(JSON.stringify(parsed.data));
  const text = parsed === undefined ? 'the task has none' : mistakes(parsed.error, 'item');
  throw new Error(`An item does not match the contract: ${text}`);
}

/** The bytes alone that a task produces. The schema of the field may be any text, so what it is shows here. */
function producedBytes({ field, mediaType }: BytesField, output: unknown): Uint8Array | Error {
  const dataUrl = (output as Readonly<Record<string, unknown>>)[field];
  const start = `data:${mediaType};base64,`;
  if (typeof dataUrl === 'string' && dataUrl.startsWith(start))
    return Buffer.from(dataUrl.slice(start.length), 'base64');
  return new Error(`The output does not match the contract: "${field}" must be a data URL that starts with ${start}`);
}

/** `output.lines.0.text: Invalid input: expected string, received undefined` */
const mistakes = (error: z.ZodError, root: string): string =>
  toIssues(error, [root])
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
