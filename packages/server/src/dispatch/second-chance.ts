import { Failure } from '@portico/schemas';
import type { RestartReason } from './observer.ts';
import type { Work } from './work.ts';

/** Engines that may die under one input before it is given up. */
const deathsAllowed = 1;

/**
 * Decides whether work under which an engine died runs again, alone, or is answered with a failure. Of a run for
 * which nobody waited all is answered already.
 */
export function secondChance(work: Work, reason: RestartReason, mates: number): void {
  work.suspect = true;
  if (reason === 'timeout') {
    // Alone, it is what took so long; in company it may have been a mate.
    if (mates === 1) work.answer(new Failure('TIMEOUT', 'The run took longer than a run may take.'));
    return;
  }
  work.deaths += 1;
  if (work.deaths <= deathsAllowed) return;
  work.answer(
    reason === 'memory-hard'
      ? new Failure('OUT_OF_MEMORY', 'The engine ran out of memory under this input, twice.', { retryAfterSeconds: 5 })
      : new Failure('ENGINE_CRASHED', 'The engine died twice under this input.'),
  );
}
