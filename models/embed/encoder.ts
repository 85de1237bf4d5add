import { type LoadContext, padTokens, type SessionSignature, Tensor } from '@portico/server/model';

/** Digits behind the point of a vector of length 1: 5e-8 off at most in each axis, in half of the text that float64 takes. */
const digits = 7;

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

/** The mean of each row's own tokens; `hidden` is rows × longest × width, with padding at the end of the rows. */
export function meanOfTokens(hidden: Float32Array, lengths: readonly number[], longest: number): Float64Array[] {
  const width = hidden.length / (lengths.length * longest);
  return lengths.map((length, row) => {
    const mean = new Float64Array(width);
    for (let token = 0; token < length; token += 1) {
      const start = (row * longest + token) * width;
      for (let axis = 0; axis < width; axis += 1) mean[axis]! += hidden[start + axis]!;
    }
    return mean.map((sum) => sum / length);
  });
}

/** A vector rounded for JSON, scaled to length 1 where `normalize` is set; one of length 0 stays as it is. */
export function embedding(vector: Float64Array, normalize: boolean): number[] {
  const length = lengthOf(vector);
  if (length === 0) return [...vector];
  const scale = normalize ? length : 1;
  const steps = 10 ** Math.max(0, digits - (normalize ? 0 : Math.floor(Math.log10(length))));
  // Adding 0 makes a zero of a negative one.
  return Array.from(vector, (value) => Math.round((value / scale) * steps) / steps + 0);
}
