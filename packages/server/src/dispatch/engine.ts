import type { Failure } from '@portico/schemas';
import type { EngineDescription, EngineInput, PhaseTimes } from '../inference.ts';

/** What an engine made of one input: the answer as bytes to forward, or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly body: Uint8Array; readonly times: PhaseTimes }
  | { readonly ok: false; readonly failure: Failure; readonly times: PhaseTimes };

/** What happens in an engine, as its replica hears of it. */
export interface EngineListener {
  progress(detail: string): void;
  ready(info: EngineDescription): void;
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
