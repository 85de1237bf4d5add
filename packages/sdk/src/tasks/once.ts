import { unusableFor } from '../files/unusable-input.ts';

/** Prepares the input in the first try of a call for all of its tries. Throws BAD_INPUT when that fails, whatever the reason. */
export function once<Value>(prepare: (signal: AbortSignal) => Promise<Value>): (signal: AbortSignal) => Promise<Value> {
  let prepared: Promise<Value> | undefined;
  return (signal) =>
    (prepared ??= prepare(signal).catch((cause: unknown) => {
      throw unusableFor('The input cannot be sent', cause);
    }));
}
