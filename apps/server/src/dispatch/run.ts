import type { CallOff, Clock } from './clock.ts';
import type { Work } from './work.ts';

/** What an engine is busy with. */
export interface Run {
  readonly works: readonly Work[];
  readonly startedAt: number;
  /** At least one input has got its answer from it. */
  succeeded: boolean;
  /** Inputs whose outcome has come. With the last one the engine is done, although its word for that is still on its way. */
  outcomes: number;
  /** Calls off the timers that would end it. */
  callOff: CallOff;
}

/** Nobody waits for any of it. */
export const isAbandoned = (run: Run): boolean => run.works.every((work) => work.answered);

/** A run whose callers have all left is worth this much patience, and ten times the warm-up, before it is ended. */
const patienceMilliseconds = 1_000;
const patienceWarmUps = 10;

/** Ends a run for which nobody waits, unless it ends by itself soon. */
export function scheduleEndOfAbandoned(run: Run, clock: Clock, warmUpMilliseconds: number, end: () => void): void {
  const patience = Math.max(patienceMilliseconds, patienceWarmUps * warmUpMilliseconds);
  const { callOff } = run;
  const callOffEnd = clock.schedule(Math.max(0, run.startedAt + patience - clock.now()), end);
  run.callOff = () => {
    callOff();
    callOffEnd();
  };
}
