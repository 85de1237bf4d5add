import { SuperJSON, type SuperJSONResult } from 'superjson';
import { bytesFromBase64, bytesToBase64, isNumbers, numbersFromText, numbersToText } from './bytes.ts';
import { readCall } from './read-call.ts';

/**
 * How values travel over tRPC: SuperJSON, with bytes and typed arrays as base64. An instance of its own, because
 * SuperJSON's default writes each byte as a number: 1 MB becomes 3.6 MB.
 */
export const transformer: SuperJSON = /* @__PURE__ */ createTransformer();

function createTransformer(): SuperJSON {
  const superJson = new SuperJSON();
  superJson.registerCustom<Uint8Array, string>(
    {
      isApplicable: (value): value is Uint8Array => value instanceof Uint8Array,
      serialize: bytesToBase64,
      deserialize: bytesFromBase64,
    },
    'bytes',
  );
  superJson.registerCustom(
    { isApplicable: isNumbers, serialize: numbersToText, deserialize: numbersFromText },
    'numbers',
  );
  return superJson;
}

/**
 * An output that came out of JSON and needs none of SuperJSON's annotations. SuperJSON takes 190 ms to look through the
 * 98 304 numbers of 256 embeddings, during which no other client is served.
 */
export class PlainJson {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The server's side of `transformer`: the same format, with `PlainJson` passed through, and of a client's annotations only those that a contract needs. */
export const serverTransformer = {
  serialize: (value: unknown): SuperJSONResult => {
    const plain = value instanceof PlainJson ? value.value : plainChunk(value);
    return plain === undefined ? transformer.serialize(value) : { json: plain as SuperJSONResult['json'] };
  },
  deserialize: readCall,
};

/**
 * One output of a streamed tRPC batch: the number of the promise, its status, and the output inside two lists. Undefined
 * for anything else.
 * https://github.com/trpc/trpc/blob/v11.25.2/packages/server/src/unstable-core-do-not-import/stream/jsonl.ts
 */
function plainChunk(chunk: unknown): unknown {
  if (!Array.isArray(chunk) || chunk.length !== 3) return undefined;
  const [number, status, encoded] = chunk as [unknown, unknown, unknown];
  if (!Array.isArray(encoded) || encoded.length !== 1 || !Array.isArray(encoded[0])) return undefined;
  const [output] = encoded[0] as unknown[];
  return output instanceof PlainJson ? [number, status, [[output.value]]] : undefined;
}
