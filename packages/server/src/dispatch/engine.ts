import type { Failure } from '@portico/schemas';
import type { EngineDescription, EngineInput, LoadReport, PhaseTimes, SessionTrace } from '../inference.ts';

// What the dispatcher needs from outside: engines and a clock.

/** How a run ended for one input. */
export type Outcome =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      readonly times: PhaseTimes;
      readonly warnings?: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly failure: Failure; readonly times: PhaseTimes };

/** A process that hosts one model. Whenever it is free, it runs what it was sent, as many inputs at once as it can. */
export interface Engine {
  /** Bytes on their way to it: an engine reads nothing while it runs. */
  readonly unreadBytes: number;
  send(inputs: readonly EngineInput[]): void;
  /** Skips these inputs unless they have begun. */
  cancel(ids: readonly number[]): void;
  /** Ends the process at once, whatever it is doing. `onExit` follows. */
  kill(): void;
}

/** What an engine reports, in the order in which it happens. */
export interface EngineListener {
  /** Loading goes on. */
  onProgress(report: LoadReport): void;
  /** Weights have arrived over the network. */
  onDownloaded(bytes: number, milliseconds: number): void;
  /** It has loaded and passed its warm-up. */
  onReady(description: EngineDescription): void;
  onLoadFailed(detail: string): void;
  /** A run of these inputs begins. */
  onBegan(ids: readonly number[]): void;
  /** One item on the way to an outcome; `index` counts them within the run. */
  onItem(id: number, index: number, bytes: Uint8Array): void;
  onOutcome(id: number, outcome: Outcome): void;
  /** The run is over and every input of it has had its outcome; or all that was sent was cancelled before a run began. */
  onFinished(): void;
  /** A session has run, in an engine that was asked to trace them. */
  onSession?(trace: SessionTrace): void;
  /** Memory the engine holds, sampled. */
  onMemory(residentBytes: number): void;
  /** The device that it runs on does not work in this process any more; its run has no outcome. */
  onDeviceLost(detail: string): void;
  /** The process is gone, or no longer to be trusted. Nothing follows. */
  onExit(detail: string): void;
}

/** Starts an engine, which loads its model at once. Its reports begin after this has returned. */
export type LaunchEngine = (listener: EngineListener) => Engine;

/** Time as the dispatcher sees it, so that tests can move it. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Calls back once after `milliseconds`, unless the timer is cancelled. */
  schedule(milliseconds: number, callback: () => void): CancelTimer;
}

export type CancelTimer = () => void;

export const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
