import type { ErrorCode } from '@portico/schemas';
import type { InferOutput } from '../inference.ts';
import { toFailure } from './errors/error-response.ts';

/** Counts how each request to a model ended, whichever protocol it came over. */
export interface RequestObserver {
  ended(model: string, outcome: RequestOutcome, milliseconds: number): void;
  /** Turned away before the dispatcher saw it. What the dispatcher rejects, it counts itself. */
  rejected(model: string, reason: 'upload-memory' | 'rate-limit'): void;
}

export type RequestOutcome = 'ok' | ErrorCode;

/** Answers a request and counts how it ended. */
export async function observeRequest<Result>(
  observer: RequestObserver,
  model: string,
  request: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const result = await request();
    observer.ended(model, 'ok', performance.now() - startedAt);
    return result;
  } catch (error) {
    observer.ended(model, toFailure(error).code, performance.now() - startedAt);
    throw error;
  }
}

/** Does part of a request, and counts a failure for each of the models that it concerns. */
export async function observeFailure<Result>(
  observer: RequestObserver,
  models: readonly string[],
  part: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    return await part();
  } catch (error) {
    const { code } = toFailure(error);
    for (const model of models) observer.ended(model, code, performance.now() - startedAt);
    throw error;
  }
}

/** Passes on what a request yields and returns, and counts how it ended: a client that stops early has cancelled. */
export async function* observeItems<Item, Result>(
  observer: RequestObserver,
  model: string,
  items: AsyncGenerator<Item, Result, void>,
): AsyncGenerator<Item, Result, void> {
  const startedAt = performance.now();
  let outcome: RequestOutcome = 'CANCELLED';
  try {
    const result = yield* items;
    outcome = 'ok';
    return result;
  } catch (error) {
    outcome = toFailure(error).code;
    throw error;
  } finally {
    observer.ended(model, outcome, performance.now() - startedAt);
  }
}

/** The codes of an output's warnings, for clients that get its bytes alone. */
export const warningsHeader = 'x-warnings';

/** The headers of the response with one output: `server-timing`, and `x-warnings` where there are any. */
export const outputHeaders = (output: InferOutput): Record<string, string> => ({
  'server-timing': serverTiming(output),
  ...(output.warnings === undefined ? {} : { [warningsHeader]: output.warnings.join(', ') }),
});

/** The `server-timing` header: milliseconds in each phase, summed over all outputs of a batch. */
export function serverTiming(...outputs: readonly Pick<InferOutput, 'times'>[]): string {
  let queue = 0;
  let decode = 0;
  let inference = 0;
  let postprocess = 0;
  for (const { times } of outputs) {
    queue += Math.max(0, times.queue);
    decode += Math.max(0, times.decode);
    inference += Math.max(0, times.inference);
    postprocess += Math.max(0, times.postprocess);
  }
  return (
    `queue;dur=${threeDecimals(queue)}, decode;dur=${threeDecimals(decode)}, ` +
    `inference;dur=${threeDecimals(inference)}, postprocess;dur=${threeDecimals(postprocess)}`
  );
}

/** To three decimals; `toFixed` takes several times as long. */
function threeDecimals(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1_000);
  const whole = Math.floor(microseconds / 1_000);
  return `${whole}.${String(microseconds - whole * 1_000).padStart(3, '0')}`;
}
