import type { Death } from './death.ts';
import type { EngineDescription } from '../inference.ts';
import type { Outcome } from './engine.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';
import type { Work } from './work.ts';

/** What becomes of the work in an engine. */
export interface WorkListener {
  began(works: readonly Work[]): void;
  outcome(work: Work, outcome: Outcome): void;
  died(death: Death): void;
}

/** Hears what happens to a replica and to its work. */
export interface ReplicaListener extends WorkListener {
  progress(detail: string): void;
  becameReady(replica: Replica, info: EngineDescription): void;
  finished(replica: Replica, run: Run): void;
}

/** Hears what becomes of the work in all replicas of a model. */
export interface ReplicaSetListener extends WorkListener {
  /** A replica is ready. */
  joined(): void;
  finished(run: Run): void;
}
