/** Prepares something in the first try of a call for all of its tries. */
export function once<Value>(prepare: (signal: AbortSignal) => Promise<Value>): (signal: AbortSignal) => Promise<Value> {
  let prepared: Promise<Value> | undefined;
  return (signal) => (prepared ??= prepare(signal));
}
