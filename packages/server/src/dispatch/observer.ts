import type { EngineDescription, LoadReport, PhaseTimes } from '../inference.ts';

/** Where a job was when its client closed the connection. */
export type CancelStage = 'queued' | 'running';

/**
 * Why a request was rejected: at admission, or, `displaced`, because it had to leave a full queue for another client.
 * `engine-losses` is for what its client has cost engines.
 */
export type RejectReason = 'not-ready' | 'queue-full' | 'deadline' | 'over-share' | 'displaced' | 'engine-losses';

/** Why a replica was replaced. */
export type RestartReason =
  | 'crash'
  | 'timeout'
  | 'abandoned'
  | 'unresponsive'
  | 'memory-soft'
  | 'memory-hard'
  /** It found no memory for several inputs in a row. */
  | 'out-of-memory'
  /** Its GPU does not work in this process any more. */
  | 'device-lost'
  | 'load-failed'
  | 'load-timeout'
  /** Another one has loaded newer code; it is not reported. */
  | 'reloaded';

/** What happens in the dispatcher, for metrics and the log. */
export interface DispatchObserver {
  /** A run of `batchSize` inputs has begun; `queueMs` is how long each was pending. */
  started(model: string, batchSize: number, queueMs: readonly number[]): void;
  /** A run of `batchSize` inputs has had its first outcome, after so long in each of its phases. */
  ran(model: string, times: PhaseTimes, batchSize: number): void;
  cancelled(model: string, stage: CancelStage): void;
  rejected(model: string, reason: RejectReason): void;
  restarted(model: string, reason: RestartReason, detail: string): void;
  progress(model: string, report: LoadReport): void;
  /** An engine has downloaded weights, or a part of them. */
  downloaded(model: string, bytes: number, milliseconds: number): void;
  replicaReady(model: string, description: EngineDescription, loadMs: number): void;
}
