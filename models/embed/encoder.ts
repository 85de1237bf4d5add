import { type LoadContext, meanOfTokens, padTokens, type SessionSignature, Tensor } from '@portico/server/model';

/** Reads rows of token ids; one vector for each, in their order, not normalised. */
export type Encoder = (rows: readonly (readonly number[])[]) => Promise<Float64Array[]>;

const ids = { type: 'int64', shape: [null, null] } as const;
const hidden = { type: 'float32', shape: [null, null, null], optional: true } as const;

/** Exports name the vectors of tokens in one of two ways, some pool by themselves, and not all distinguish the parts of a pair. */
const signature = {
  inputs: { input_ids: ids, attention_mask: ids, token_type_ids: { ...ids, optional: true } },
  outputs: {
    sentence_embedding: { type: 'float32', shape: [null, null], optional: true },
    last_hidden_state: hidden,
    token_embeddings: hidden,
  },
} as const satisfies SessionSignature;

/** Loads the network. Its runs pad all rows to the longest. */
export async function loadEncoder(
  { createSession }: Pick<LoadContext, 'createSession'>,
  path: string,
): Promise<Encoder> {
  const session = await createSession(path, signature);
  return async (rows) => {
    const { ids, mask, longest } = padTokens(rows);
    const { sentence_embedding, last_hidden_state, token_embeddings } = await session.run({
      input_ids: ids,
      attention_mask: mask,
      token_type_ids: new Tensor('int64', new BigInt64Array(rows.length * longest), ids.dims),
    });
    if (sentence_embedding !== undefined) return rowsOf(sentence_embedding.data, rows.length);
    const hidden = last_hidden_state ?? token_embeddings;
    if (hidden === undefined)
      throw new TypeError(`${path} has none of the outputs ${Object.keys(signature.outputs).join(', ')}.`);
    return meanOfTokens(
      hidden.data,
      rows.map(({ length }) => length),
      longest,
    );
  };
}

/**
 * Whether rows have the same vectors in a batch as alone, to within the tolerance at length 1. Dynamic quantisation (MiniLM in int8)
 * scales all rows of a run by the largest value among them: vectors move by up to 0.04.
 */
export async function isBatchInvariant(
  encode: Encoder,
  rows: readonly (readonly number[])[],
  tolerance: number,
): Promise<boolean> {
  const alone: Float64Array[] = [];
  for (const row of rows) alone.push(...(await encode([row])));
  const together = await encode(rows);
  return together.every((vector, row) => farthest(unit(vector), unit(alone[row]!)) <= tolerance);
}

const unit = (vector: Float64Array): Float64Array => {
  const length = lengthOf(vector);
  return vector.map((value) => value / length);
};

const farthest = (one: Float64Array, other: Float64Array): number =>
  one.reduce((farthest, value, axis) => Math.max(farthest, Math.abs(value - other[axis]!)), 0);

const lengthOf = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

function rowsOf(data: Float32Array, count: number): Float64Array[] {
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) => Float64Array.from(data.subarray(row * width, (row + 1) * width)));
}
