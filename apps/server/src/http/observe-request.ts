import type { ErrorCode } from '@portico/schemas';
import { failureOfError } from './errors/failure-of-error.ts';

/** How a request ended: `ok` or the code of its failure. */
export type Ending = 'ok' | ErrorCode;

/** Hears how each request to a model ended, whichever door it came through. */
export interface RequestObserver {
  ended(model: string, ending: Ending, milliseconds: number): void;
}

/** Answers a request and tells the observer how it went. */
export async function observeRequest<Result>(
  observer: RequestObserver,
  model: string,
  answer: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const result = await answer();
    observer.ended(model, 'ok', performance.now() - startedAt);
    return result;
  } catch (error) {
    observer.ended(model, failureOfError(error).code, performance.now() - startedAt);
    throw error;
  }
}
