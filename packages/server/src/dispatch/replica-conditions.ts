import type { Clock } from './clock.ts';
import type { LaunchEngine } from './engine.ts';

export interface ReplicaLimits {
  /** A run is ended this long after it began. */
  readonly runMs: number;
  /** A load is ended after this long without progress. */
  readonly loadMs: number;
  /** Over the soft limit the engine is replaced after its work, over the hard one at once. */
  readonly memory: { readonly softBytes: number; readonly hardBytes: number };
}

/** What every replica of a model has in common. */
export interface ReplicaConditions {
  readonly clock: Clock;
  readonly launch: LaunchEngine;
  readonly limits: ReplicaLimits;
  /** A number that no sending has had yet. */
  nextTicket(): number;
}
