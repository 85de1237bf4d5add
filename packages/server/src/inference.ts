import type { Device, DeviceCheck, LoadProgress, RefusedDevice, TensorSignature } from '@portico/schemas';

// What travels from a route through the queue and the wire to an engine, and back.

/** One thing to run a model on. */
export interface InferInput {
  /** An encoded file, a JSON value as UTF-8, or the files of a form or the values of tensors one after the other. */
  readonly bytes: Uint8Array;
  /** What follows `bytes`: the files of a form are not joined before they are sent. */
  readonly more?: readonly Uint8Array[] | undefined;
  /** The file's media type; null for an input that is not one file. */
  readonly mediaType: string | null;
  /** What the files of a form are, in the order of their bytes. */
  readonly files?: readonly FormFile[] | undefined;
  /** JSON as the client sent it, too large for the gateway to parse: the engine checks it against the contract. */
  readonly unchecked?: true | undefined;
  /** Checked against the contract before the input is queued. */
  readonly params: unknown;
  /** What the client wants besides JSON: the bytes in the output alone, or items on the way to it. */
  readonly outputAs?: 'bytes' | 'items' | undefined;
}

/** One file of a form. */
export interface FormFile {
  readonly name: string;
  readonly mediaType: string;
  readonly byteLength: number;
}

/** Milliseconds a run spends in each phase inside an engine. */
export interface PhaseTimes {
  readonly decode: number;
  readonly inference: number;
  readonly postprocess: number;
}

/** One result. */
export interface InferOutput {
  /** Ready to be forwarded: JSON that the engine has checked against the task's schema, or what was asked for instead. */
  readonly bytes: Uint8Array;
  /** The codes of its warnings, each once; JSON has them too, with their messages. */
  readonly warnings?: readonly string[] | undefined;
  /** `queue` is the milliseconds the input was pending. */
  readonly times: PhaseTimes & { readonly queue: number };
}

/** What a loaded engine says of itself. */
export interface EngineDescription {
  readonly device: Device;
  readonly deviceIndex: number;
  /** Devices that come before this one on the ladder and why they lost. */
  readonly devicesRefused: readonly RefusedDevice[];
  /** How its outputs compare with the CPU's; undefined on the CPU, and with `DEVICE_CHECK=off`. */
  readonly deviceCheck?: DeviceCheck | undefined;
  readonly warmUpMs: number;
  /** Most inputs in one run. */
  readonly maxBatchSize: number;
  readonly onnxruntimeVersion: string;
  /** The tensors a client may send and get, where the model is an ONNX file as it is. */
  readonly tensors?: TensorSignature | undefined;
  /** sha256 of the weights files by their names. */
  readonly weights: Readonly<Record<string, string>>;
}

/** How far an engine is with its load. */
export interface LoadReport {
  readonly stage: Exclude<LoadProgress['stage'], 'waiting' | 'starting' | 'failed'>;
  /** For people. It holds no secret. */
  readonly detail: string;
  /** While weights are downloaded or verified. */
  readonly file?: Readonly<NonNullable<LoadProgress['file']>> | undefined;
  /** Expected until the engine is ready, counted from now. */
  readonly remainingMs?: number | undefined;
  /** The detail is something that the load has found out, and not what it does. */
  readonly isFinding?: true | undefined;
}

/** One run of a session, as `portico try --tensors` shows it. */
export interface SessionTrace {
  /** The ONNX file, without its folder. */
  readonly file: string;
  readonly milliseconds: number;
  readonly inputs: readonly TensorTrace[];
  /** None of a run that failed. */
  readonly outputs: readonly TensorTrace[];
}

/** What people look at when a model computes something else than they expect. */
export interface TensorTrace {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** The first values in words. */
  readonly first: readonly string[];
  /** The lowest and the highest of all values but NaN; undefined where there is none, and for texts. */
  readonly range?: { readonly min: string; readonly max: string } | undefined;
  /** How many values are NaN or infinite. */
  readonly notFinite: number;
}

/** An input on its way to an engine, under the number that the engine's reports carry. */
export interface EngineInput extends InferInput {
  readonly id: number;
}
