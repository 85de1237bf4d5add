import type { Device, ErrorCode, Issue } from '@portico/schemas';
import type { EngineDescription, EngineInput, LoadReport, PhaseTimes, SessionTrace } from '../inference.ts';

/** The first descriptor of an engine after stdin, stdout and stderr carries frames both ways. */
export const wireDescriptor = 3;
/** Nothing is ever written to it. The system closes the gateway's end when the gateway ends, however that happens. */
export const lifelineDescriptor = 4;

/** How an engine runs its sessions. */
export interface EngineOptions {
  /** What `DEVICE` asks for: `auto` walks the ladder, a name insists. */
  readonly device: DeviceRequest;
  /** Compares the warm-up on another device than the CPU with the CPU. @default false */
  readonly checksDevice?: boolean | undefined;
  /** Threads inside one run. */
  readonly threads: number;
  readonly maxImagePixels: number;
  readonly maxRecordingSeconds: number;
  /** Where downloaded weights are kept and measured batch limits are remembered. */
  readonly cacheDirectory: string;
  /** For development: logs the stack of an error that ends the load; with `sessions`, reports each run of a session too. */
  readonly traces?: 'errors' | 'sessions' | undefined;
}

export interface DeviceRequest {
  readonly name: 'auto' | Device;
  /** Which of several equal devices; only CUDA and DirectML take one. */
  readonly index: number;
}

/** What an engine is to load. */
export interface ModelCode {
  /** URL of the module whose default export is the model, or a runner of its own. */
  readonly module: string;
  /** The task that the model is registered for; none for a runner of its own. */
  readonly task?: string | undefined;
  readonly variant: string;
  /** Inputs in one run, or `measured` to let the warm-up find it; a runner of its own decides by itself. */
  readonly maxBatchSize?: number | 'measured' | undefined;
  /** Bytes of all inputs of one run; a larger input runs alone. */
  readonly maxBatchBytes?: number | undefined;
  /** The files it needs, by their names. */
  readonly weights: Readonly<Record<string, WeightsPlace>>;
}

/** Where an engine finds a weights file, and its checksum where that is known. */
export type WeightsPlace = { readonly sha256?: string } & (
  | { readonly kind: 'npm'; readonly package: string; readonly path: string; readonly sha256: string }
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'download'; readonly url: string; readonly optional?: true }
);

export type LoadCommand = { readonly type: 'load'; readonly options: EngineOptions } & ModelCode;

/** What the gateway sends to an engine. */
export type Command =
  | LoadCommand
  /** Run these when you are free, as many at once as you can. */
  | { readonly type: 'send'; readonly inputs: readonly EngineInput[] }
  /** No client waits for these inputs any more. */
  | { readonly type: 'cancel'; readonly ids: readonly number[] };

/** What an engine sends to the gateway. The body of a `result` or an `item` is ready to be forwarded. */
export type Report =
  | ({ readonly type: 'progress' } & LoadReport)
  /** Weights have arrived over the network: the whole file, or as much as one attempt brought. */
  | { readonly type: 'downloaded'; readonly bytes: number; readonly milliseconds: number }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | ({ readonly type: 'ready' } & EngineDescription)
  | { readonly type: 'load-failed'; readonly detail: string }
  /** A session has run, where that was asked for. */
  | { readonly type: 'session'; readonly trace: SessionTrace }
  /** A run of these inputs begins now; sent before it, because nothing can be sent during it. */
  | { readonly type: 'began'; readonly ids: readonly number[] }
  /** One item on the way to the result; `index` counts them within the run. */
  | { readonly type: 'item'; readonly id: number; readonly index: number }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly times: PhaseTimes;
      /** The codes of its warnings. */
      readonly warnings?: readonly string[] | undefined;
    }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly issues?: readonly Issue[] | undefined;
      readonly times: PhaseTimes;
    }
  /** In the middle of a run: no session of this process works any more. */
  | { readonly type: 'device-lost'; readonly detail: string }
  /** The run is over and each of its inputs has had its result or failure; or all was cancelled before a run began. */
  | { readonly type: 'finished'; readonly residentBytes: number };
