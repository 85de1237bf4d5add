import type { LostWork } from './assigned-work.ts';
import type { RestartReason } from './observer.ts';

/** An engine's end, and the work it had. */
export interface Death extends LostWork {
  readonly reason: RestartReason;
  readonly detail: string;
  /** Runs that it had brought to their end. */
  readonly runs: number;
}
