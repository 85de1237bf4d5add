import type { Clock } from './clock.ts';
import type { Death } from './death.ts';
import type { EngineInfo, LaunchEngine, Outcome } from './engine.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';
import type { Work } from './work.ts';

export interface ReplicaLimits {
  /** A run is ended this long after it began. */
  readonly runMilliseconds: number;
  /** A load is ended after this long without progress. */
  readonly loadMilliseconds: number;
  /** Over the soft limit the engine is replaced after its work, over the hard one at once. */
  readonly memory: { readonly softBytes: number; readonly hardBytes: number };
}

/** What a replica tells its model's dispatcher. */
export interface ReplicaOwner {
  readonly clock: Clock;
  readonly launch: LaunchEngine;
  readonly limits: ReplicaLimits;
  /** A number that no sending has had yet. */
  nextTicket(): number;
  becameReady(replica: Replica, info: EngineInfo): void;
  progress(detail: string): void;
  began(works: readonly Work[]): void;
  outcome(work: Work, outcome: Outcome): void;
  finished(run: Run): void;
  died(death: Death): void;
}
