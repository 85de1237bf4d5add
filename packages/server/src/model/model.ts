import type { Device, EncodedFile, Failure, Item, JsonInput, Output, Params, Task } from '@portico/schemas';
import type { z } from 'zod';
import type { Session, SessionSignature } from './session.ts';
import type { WeightsFile } from '../weights/weights-file.ts';

/** What the gateway may know of a model without loading it: plain data. */
export interface ModelSettings {
  /** Variants by name (`MODEL_NAME=ocr:mobile`); the first is the default. */
  readonly variants: Readonly<Record<string, ModelVariant>>;
  /** Seconds one run may take; the default is `INFER_TIMEOUT_SECONDS`. */
  readonly timeoutSeconds?: number;
  /** Requests that may wait; the default is `MAX_QUEUE`. */
  readonly maxQueue?: number;
  /** Engine processes; the default is `REPLICAS`. */
  readonly replicas?: number;
  /**
   * Inputs in one run: a number, or `measured` to let the warm-up find it. The default is 1.
   * Only a model whose tensors have a batch axis gains anything.
   */
  readonly maxBatch?: number | 'measured';
  /** Mebibytes that an engine holds as a rule, with large inputs; the memory of the machine is shared out by it. */
  readonly memoryMegabytes?: number;
}

export interface ModelVariant {
  readonly weights: Readonly<Record<string, WeightsFile>>;
}

/** One input of a batch with its own parameters, defaults filled in. */
export type ModelInput<T extends Task = Task> = Asked<T> & Streaming<T>;

type Asked<T extends Task> =
  T['accepts'] extends JsonInput<infer Schema>
    ? { readonly input: z.output<Schema>; readonly params: Params<T> }
    : { readonly file: EncodedFile; readonly params: Params<T> };

type Streaming<T extends Task> = T['item'] extends z.ZodType
  ? {
      /** Tells the client one thing now. All items and their order depend on nothing but the input. */
      readonly emit: (item: Item<T>) => void;
    }
  : object;

/** What a model may use while it loads. */
export interface LoadContext {
  readonly variant: string;
  /** Absolute paths of the verified weights, by their names in the variant. */
  readonly weights: Readonly<Record<string, string>>;
  /** Where sessions run. It is decided before; a model never picks one. */
  readonly device: Device;
  /** Loads an ONNX file on the device and checks the tensors it must have. */
  readonly createSession: (path: string, signature: SessionSignature) => Promise<Session>;
  /** Images of more pixels are refused with `TOO_LARGE`. */
  readonly maxImagePixels: number;
}

/** What a model may use while it runs. */
export interface RunContext {
  /** Aborted when no client of this batch waits any more. */
  readonly signal: AbortSignal;
}

/** A loaded model: a batch in, a batch out, one result or failure for each input in the same order. */
export interface LoadedModel<T extends Task = Task> {
  run(inputs: readonly ModelInput<T>[], context: RunContext): Promise<readonly (Output<T> | Failure)[]>;
}

/** The implementation of a task. It is loaded in an engine only. */
export interface Model<T extends Task = Task> {
  readonly task: T;
  readonly settings: ModelSettings;
  /** Heavy work, once, before the replica is ready. */
  load(context: LoadContext): Promise<LoadedModel<T>>;
  /** An input that exercises every session, for the run that decides whether the replica is ready. */
  warmUp(): ModelInput<T> | Promise<ModelInput<T>>;
}

/** Ties an implementation to its contract. */
export const defineModel = <T extends Task>(
  task: T,
  settings: ModelSettings,
  implementation: Pick<Model<NoInfer<T>>, 'load' | 'warmUp'>,
): Model<T> => ({ task, settings, load: implementation.load, warmUp: implementation.warmUp });
