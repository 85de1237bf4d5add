import type { CallOff } from './clock.ts';
import type { Work } from './work.ts';

/** Work that was sent to an engine together. */
export interface Batch {
  readonly id: number;
  readonly works: readonly Work[];
  /** One input that an engine died under, or that shared a batch with such a one. */
  readonly suspect: boolean;
  /** When the engine began with it; undefined while it waits in the engine behind another. */
  startedAt: number | undefined;
  /** Calls off the timers of the run. */
  callOff: CallOff;
}

export const isAbandoned = (batch: Batch): boolean => batch.works.every((work) => work.answered);
