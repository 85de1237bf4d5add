import type { Tensor } from './tensor.ts';

/** Feeds without those for optional inputs that a file lacks; the library refuses names it does not know. */
export const knownFeeds = (
  feeds: Readonly<Record<string, Tensor>>,
  inputNames: readonly string[],
): Readonly<Record<string, Tensor>> =>
  Object.keys(feeds).length === inputNames.length
    ? feeds
    : Object.fromEntries(Object.entries(feeds).filter(([name]) => inputNames.includes(name)));
