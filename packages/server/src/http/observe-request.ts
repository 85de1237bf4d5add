import type { ErrorCode } from '@portico/schemas';
import { failureOfError } from './errors/failure-of-error.ts';

/** How a request ended: `ok` or the code of its failure. */
export type Ending = 'ok' | ErrorCode;

/** Hears how each request to a model ended, whichever door it came through. */
export interface RequestObserver {
  ended(model: string, ending: Ending, milliseconds: number): void;
  /** The memory for uploads was full. What the dispatcher turns away, it counts itself. */
  uploadRejected(model: string): void;
}

/** Answers a request and tells the observer how it went. */
export async function observeRequest<Result>(
  observer: RequestObserver,
  model: string,
  answer: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const result = await observeFailure(observer, model, answer);
  observer.ended(model, 'ok', performance.now() - startedAt);
  return result;
}

/** Does a part of a request whose success says nothing yet, and tells the observer of its failure. */
export function observeFailure<Result>(
  observer: RequestObserver,
  model: string,
  part: () => Promise<Result>,
): Promise<Result> {
  return observeFailures(observer, [model], part);
}

/** The same for a part that several requests have in common: its failure is that of each. */
export async function observeFailures<Result>(
  observer: RequestObserver,
  models: readonly string[],
  part: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    return await part();
  } catch (error) {
    const { code } = failureOfError(error);
    for (const model of models) observer.ended(model, code, performance.now() - startedAt);
    throw error;
  }
}

/** Passes on what a request yields and returns, and tells the observer how it ended; who stops before has left. */
export async function* observeItems<Item, Result>(
  observer: RequestObserver,
  model: string,
  items: AsyncGenerator<Item, Result, void>,
): AsyncGenerator<Item, Result, void> {
  const startedAt = performance.now();
  let ending: Ending = 'CANCELLED';
  try {
    const result = yield* items;
    ending = 'ok';
    return result;
  } catch (error) {
    ending = failureOfError(error).code;
    throw error;
  } finally {
    observer.ended(model, ending, performance.now() - startedAt);
  }
}
