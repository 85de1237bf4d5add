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
  serialize: (value: unknown): SuperJSONResult => {
    const plain = value instanceof PlainJson ? value.value : plainChunk(value);
    return plain === undefined ? transformer.serialize(value) : { json: plain as SuperJSONResult['json'] };
  },
  deserialize: (result: SuperJSONResult): unknown => transformer.deserialize(result),
};

/**
 * An answer among several that are streamed, in tRPC's words: the number of the promise, how it was kept, and in two lists the
 * answer. Undefined for anything else. https://github.com/trpc/trpc/blob/v11.25.2/packages/server/src/unstable-core-do-not-import/stream/jsonl.ts
 */
function plainChunk(chunk: unknown): unknown {
  if (!Array.isArray(chunk) || chunk.length !== 3) return undefined;
  const [number, status, encoded] = chunk as [unknown, unknown, unknown];
  if (!Array.isArray(encoded) || encoded.length !== 1 || !Array.isArray(encoded[0])) return undefined;
  const [answer] = encoded[0] as unknown[];
  return answer instanceof PlainJson ? [number, status, [[answer.value]]] : undefined;
}
