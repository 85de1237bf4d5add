import type { Device, ErrorCode, Issue, RefusedDevice } from '@portico/schemas';

/** How an engine runs its sessions. */
export interface EngineOptions {
  /** What `DEVICE` asks for: `auto` walks the ladder, a name insists. */
  readonly device: DeviceRequest;
  /** Threads inside one run. */
  readonly threads: number;
  readonly maxImagePixels: number;
  /** Where downloaded weights are kept and measured batch limits are remembered. */
  readonly cacheDirectory: string;
}

export interface DeviceRequest {
  readonly name: 'auto' | Device;
  /** Which of several equal devices; only CUDA and DirectML take one. */
  readonly index: number;
}

/** One input; its bytes follow in the frame's body, in order. */
export interface SentInput {
  readonly id: number;
  /** Null for an input that is a JSON value. */
  readonly mediaType: string | null;
  readonly params: unknown;
  /** What the client wants besides JSON: the picture in the output alone, or items on the way to it. */
  readonly answerAs?: 'picture' | 'items' | undefined;
  readonly byteLength: number;
}

/** What an engine is to load. */
export interface ModelCode {
  /** URL of the module whose default export is the model, or a program of its own. */
  readonly module: string;
  readonly variant: string;
  /** The files that it needs, by their names. */
  readonly weights: Readonly<Record<string, WeightsPlace>>;
}

/** One tensor of an ONNX file, in the words of ONNX Runtime; a name in its shape stands for an axis of any length. */
export interface TensorMetadata {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}
/** Where an engine finds a weights file, and its checksum where that is known. */
export type WeightsPlace = { readonly sha256?: string } & (
  | { readonly kind: 'npm'; readonly package: string; readonly path: string; readonly sha256: string }
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'download'; readonly url: string; readonly optional?: true }
);

/** What the gateway tells an engine. */
export type Command =
  | ({ readonly type: 'load'; readonly options: EngineOptions } & ModelCode)
  /** Run these when you are free, as many at once as you can. */
  | { readonly type: 'send'; readonly inputs: readonly SentInput[] }
  /** Nobody waits for these inputs any more. */
  | { readonly type: 'cancel'; readonly ids: readonly number[] };

/** What a loaded engine says of itself. */
export interface EngineDescription {
  readonly device: Device;
  readonly deviceIndex: number;
  /** Devices that come before this one on the ladder and why they lost. */
  readonly devicesRefused: readonly RefusedDevice[];
  readonly warmUpMs: number;
  readonly maxBatch: number;
  readonly onnxruntimeVersion: string;
  /** The tensors a client may feed and get, where the model is an ONNX file as it is. */
  readonly tensors?:
    | { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] }
    | undefined;
  /** sha256 of the weights files by their names. */
  readonly weights: Readonly<Record<string, string>>;
}

/** Milliseconds that a batch spent in each phase. */
export interface PhaseTimes {
  readonly decode: number;
  readonly inference: number;
  readonly postprocess: number;
}

/** What an engine tells the gateway. The body of a `result` or an `item` is ready to be forwarded. */
export type Report =
  | { readonly type: 'progress'; readonly detail: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | ({ readonly type: 'ready' } & EngineDescription)
  | { readonly type: 'load-failed'; readonly detail: string }
  /** A run of these inputs begins now; sent before it, because nothing can be sent during it. */
  | { readonly type: 'began'; readonly ids: readonly number[] }
  /** One item on the way to the result; `index` counts them within the run. */
  | { readonly type: 'item'; readonly id: number; readonly index: number }
  | { readonly type: 'result'; readonly id: number; readonly times: PhaseTimes }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly issues?: readonly Issue[] | undefined;
      readonly times: PhaseTimes;
    }
  /** The run is over and each of its inputs has had its result or failure; or all was cancelled before a run began. */
  | { readonly type: 'finished'; readonly residentBytes: number };
