import type { SuperJSONResult } from 'superjson';
import { transformer } from './transformer.ts';

/**
 * An answer that came out of JSON, so that nothing in it needs SuperJSON's care. To look through the 98 304 numbers of 256
 * embeddings for something that does takes 190 ms, in which nobody else is served.
 */
export class PlainJson {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The transformer of the server: what it writes is read by the same one on the other side. */
export const serverTransformer = {
  serialize: (value: unknown): SuperJSONResult =>
    value instanceof PlainJson ? { json: value.value as SuperJSONResult['json'] } : transformer.serialize(value),
  deserialize: (result: SuperJSONResult): unknown => transformer.deserialize(result),
};
