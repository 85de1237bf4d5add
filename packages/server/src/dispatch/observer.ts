import type { EngineDescription } from '../inference.ts';

/** Where work was when its client left. */
export type CancelStage = 'queued' | 'running';

/** Why a request was turned away before it was queued. */
export type RejectReason = 'not-ready' | 'queue-full' | 'deadline';

/** Why a replica was replaced. */
export type RestartReason =
  | 'crash'
  | 'timeout'
  | 'abandoned'
  | 'unresponsive'
  | 'memory-soft'
  | 'memory-hard'
  | 'load-failed'
  | 'load-timeout';

/** Hears what happens in the dispatcher; the metrics and the log listen. */
export interface DispatchObserver {
  started(model: string, batchSize: number, queueMs: readonly number[]): void;
  cancelled(model: string, stage: CancelStage): void;
  rejected(model: string, reason: RejectReason): void;
  restarted(model: string, reason: RestartReason, detail: string): void;
  progress(model: string, detail: string): void;
  replicaReady(model: string, info: EngineDescription, milliseconds: number): void;
}
