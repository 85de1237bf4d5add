import type { Device, Failure } from '@portico/schemas';

/** One input as an engine gets it. */
export interface Payload {
  readonly bytes: Uint8Array;
  /** Null for an input that is a JSON value. */
  readonly mediaType: string | null;
  readonly params: unknown;
  /** What the client wants besides JSON: the picture in the output alone, or items on the way to it. */
  readonly answerAs?: 'picture' | 'items' | undefined;
}

/** Milliseconds an input's batch spent in each phase inside the engine. */
export interface PhaseTimes {
  readonly decode: number;
  readonly inference: number;
  readonly postprocess: number;
}

/** What an engine made of one input: the answer as bytes to forward, or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly body: Uint8Array; readonly times: PhaseTimes }
  | { readonly ok: false; readonly failure: Failure; readonly times: PhaseTimes };

/** What an engine says of itself once it has loaded and passed its warm-up. */
export interface EngineInfo {
  readonly device: Device;
  readonly deviceIndex: number;
  readonly devicesRefused: readonly { readonly device: Device; readonly reason: string }[];
  readonly warmUpMs: number;
  /** Most inputs in one run. */
  readonly maxBatch: number;
  readonly onnxruntimeVersion: string;
  /** The tensors a client may feed and get, where the model is an ONNX file as it is. */
  readonly tensors?:
    | { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] }
    | undefined;
}

/** One tensor of an ONNX file, in the words of ONNX Runtime; a name in its shape stands for an axis of any length. */
export interface TensorMetadata {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What happens in an engine, as its replica hears of it. */
export interface EngineListener {
  progress(detail: string): void;
  ready(info: EngineInfo): void;
  loadFailed(detail: string): void;
  /** A run of these inputs begins now. */
  began(ids: readonly number[]): void;
  /** One item on the way to an outcome; `index` counts them within the run. */
  item(id: number, index: number, body: Uint8Array): void;
  outcome(id: number, outcome: Outcome): void;
  /** The run is over and every input of it was answered; or all that was sent was cancelled before a run began. */
  finished(): void;
  /** Bytes of memory the engine holds, sampled. */
  memory(residentBytes: number): void;
  /** The process is gone, or no longer to be trusted. Nothing follows. */
  exited(detail: string): void;
}

export interface EngineInput {
  /** No other sending has it, not even another of the same input. */
  readonly id: number;
  readonly payload: Payload;
}

/** A process that hosts one model. Whenever it is free, it runs what it was sent, as many inputs at once as it can. */
export interface Engine {
  send(inputs: readonly EngineInput[]): void;
  /** Nobody waits for these inputs any more: skip what has not begun. */
  cancel(ids: readonly number[]): void;
  /** Ends the process at once, whatever it is doing. `exited` follows. */
  kill(): void;
}

/** Starts an engine that loads its model at once. */
export type LaunchEngine = (listener: EngineListener) => Engine;
