import {
  type Device,
  type EncodedFile,
  Failure,
  type FormInput,
  isFailure,
  type Item,
  type JsonInput,
  type Output,
  type Params,
  type Task,
  type WarningsSchema,
} from '@portico/schemas';
import type { z } from 'zod';
import type { CreateSession } from './session.ts';
import type { Tensor } from './tensor.ts';

/** What a model may use while it loads. */
export interface LoadContext {
  readonly variant: string;
  /** Absolute paths of the verified weights, by their names in the variant. */
  readonly weights: Readonly<Record<string, string>>;
  /** Where sessions run. It is chosen before the model loads; a model never picks one. */
  readonly device: Device;
  /** Loads an ONNX file on the device. */
  readonly createSession: CreateSession;
  /** Makes the tensors to feed: `new Tensor('float32', values, [1, 3, 224, 224])`. */
  readonly Tensor: typeof Tensor;
  /** Images of more pixels are rejected with `TOO_LARGE`. */
  readonly maxImagePixels: number;
  /** Longer recordings are rejected with `TOO_LARGE`: `maxSeconds` of `@portico/media`'s functions. */
  readonly maxRecordingSeconds: number;
}

/** What a model may use while it runs. */
export interface RunContext<Loaded = unknown> {
  /** What `load` returned. */
  readonly loaded: Loaded;
  /** Aborted when no client of this batch waits any more. */
  readonly signal: AbortSignal;
}

/** One input of a batch with its own parameters, defaults filled in. */
export type ModelInput<T extends Task = Task> = InputOf<T> & Streaming<T>;

type InputOf<T extends Task> =
  T['accepts'] extends JsonInput<infer Schema>
    ? { readonly input: z.output<Schema>; readonly params: Params<T> }
    : T['accepts'] extends FormInput<infer Parts>
      ? { readonly files: { readonly [Part in keyof Parts]: EncodedFile }; readonly params: Params<T> }
      : { readonly file: EncodedFile; readonly params: Params<T> };

type Streaming<T extends Task> = T['item'] extends z.ZodType
  ? {
      /** Sends the client one item now. The items and their order depend on nothing but the input. */
      readonly emit: (item: Item<T>) => void;
    }
  : object;

/** What a model gives for one input: its output. Of the warnings that its task declares it may leave out messages, and all of them. */
export type ModelOutput<T extends Task = Task> = T['output'] extends {
  readonly shape: { readonly warnings: infer Warnings extends WarningsSchema };
}
  ? Omit<Output<T>, 'warnings'> & { readonly warnings?: z.input<Warnings> }
  : Output<T>;

/** How a model works, in the order in which it does: loads once, then takes a batch and returns a batch. */
export interface ModelImplementation<T extends Task = Task, Loaded = unknown> {
  /** Heavy work, once, before the replica is ready. What it returns comes back with every run. */
  load(context: LoadContext): Promise<Loaded>;
  /**
   * One output or failure for each input, in the same order. A failure fails its own input; whatever is thrown fails the
   * batch, whose inputs then run one by one.
   */
  run(inputs: readonly ModelInput<T>[], context: RunContext<Loaded>): Promise<readonly (ModelOutput<T> | Failure)[]>;
  /** An input that exercises every session, for the run that decides whether the replica is ready. */
  warmUp(): ModelInput<T> | Promise<ModelInput<T>>;
}

/** The implementation of a task. Only engines load it. */
export interface Model<T extends Task = Task, Loaded = unknown> extends ModelImplementation<T, Loaded> {
  readonly task: T;
}

/**
 * Ties an implementation to its contract; a module's default export.
 * @example
 * export default defineModel(double, {
 *   load: ({ weights, createSession }) => createSession(weightPath(weights, 'network'), signature),
 *   async run(inputs, { loaded: session }) { … },
 *   warmUp: () => ({ input: { value: 1 }, params: {} }),
 * });
 */
export const defineModel = <T extends Task, Loaded>(
  task: T,
  implementation: ModelImplementation<NoInfer<T>, Loaded>,
): Model<T, Loaded> => ({ task, ...implementation });

/**
 * The path of weights that every variant of the model has.
 * @throws {TypeError} when the variant has none of that name.
 */
export function weightPath(weights: LoadContext['weights'], name: string): string {
  const path = weights[name];
  if (path === undefined) throw new TypeError(`The variant has no weights named "${name}".`);
  return path;
}

/** A failure of one input is its result; cancelling ends the whole batch, and anything else is a defect: both are thrown on. */
export function failureOfInput(error: unknown): Failure {
  if (isFailure(error) && error.code !== 'CANCELLED') return error;
  throw error;
}

/**
 * Bytes as the data URL that a task's `produces` needs: `{ speech: toDataUrl(wav, 'audio/wav') }`.
 * @param mediaType that of the contract, `bytes('speech', 'audio/wav')`.
 */
export const toDataUrl = ({ buffer, byteOffset, byteLength }: Uint8Array, mediaType: string): string =>
  `data:${mediaType};base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;

/** @throws {Failure} `CANCELLED` once the signal is aborted. */
export function refuseIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Failure('CANCELLED', 'No client waits for this input any more.');
}
