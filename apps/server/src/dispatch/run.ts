import type { CallOff } from './clock.ts';
import type { Work } from './work.ts';

/** What an engine is busy with. */
export interface Run {
  readonly works: readonly Work[];
  readonly startedAt: number;
  /** Calls off the timers that would end it. */
  callOff: CallOff;
}

/** Nobody waits for any of it. */
export const isAbandoned = (run: Run): boolean => run.works.every((work) => work.answered);
