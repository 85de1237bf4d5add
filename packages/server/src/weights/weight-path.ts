import type { LoadContext } from '../model/model.ts';

/** The path of a file that the model needs, whichever variant it is. */
export function weightPath(weights: LoadContext['weights'], name: string): string {
  const path = weights[name];
  if (path === undefined) throw new TypeError(`The variant has no weights called "${name}".`);
  return path;
}
