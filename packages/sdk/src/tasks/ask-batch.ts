import { isPorticoError } from '../errors/portico-error.ts';
import { isFileForSure } from '../files/kind-of.ts';
import type { BatchOptions, CallOptions } from '../options.ts';
import type { BatchResult } from './method-types.ts';

type Ask = (input: unknown, params?: object, options?: CallOptions) => Promise<unknown>;

/**
 * Asks about several inputs, a few at a time; the results are in their order.
 *
 * @throws {TypeError} when the inputs are one, when `concurrency` is no count, or an option is wrong in another way.
 */
export async function askBatch(
  ask: Ask,
  inputs: Iterable<unknown>,
  params: object | undefined,
  options: BatchOptions = {},
): Promise<BatchResult<unknown>[]> {
  if (typeof inputs === 'string' || isFileForSure(inputs))
    throw new TypeError('A batch is a list of inputs: pass [input].');
  const { concurrency = 4, ...call } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(`concurrency must be a whole number above 0, not ${String(concurrency)}.`);
  }
  const all = [...inputs];
  const waiting = all.entries();
  const results: BatchResult<unknown>[] = [];
  const work = async (): Promise<void> => {
    for (const [index, input] of waiting) results[index] = await settled(ask(input, params, call));
  };
  const stop = (error: unknown): never => {
    // Nobody waits for the rest any more: the others find nothing left to ask.
    all.length = 0;
    throw error;
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, () => work().catch(stop)));
  return results;
}

async function settled(call: Promise<unknown>): Promise<BatchResult<unknown>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (isPorticoError(error)) return { ok: false, error };
    throw error;
  }
}
