import { float32Data, type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';

/** Digits behind the point of a vector of length 1: 5e-8 off at most in each axis, in half of the text that float64 takes. */
const digits = 7;

/** Reads rows of token ids; one vector for each, in their order, not normalised. */
export type Encoder = (rows: readonly (readonly number[])[]) => Promise<Float64Array[]>;

const ids = { type: 'int64', shape: [null, null] } as const;
const hidden = { type: 'float32', shape: [null, null, null], optional: true } as const;

/** Exports name the vectors of tokens in one of two ways, some pool by themselves, and not all distinguish the parts of a pair. */
const signature: SessionSignature = {
  inputs: { input_ids: ids, attention_mask: ids, token_type_ids: { ...ids, optional: true } },
  outputs: {
    sentence_embedding: { type: 'float32', shape: [null, null], optional: true },
    last_hidden_state: hidden,
    token_embeddings: hidden,
  },
};

/** Loads the network. It is run on rows as long as the longest of them. */
export async function loadEncoder(
  { createSession }: Pick<LoadContext, 'createSession'>,
  path: string,
): Promise<Encoder> {
  const session = await createSession(path, signature);
  return async (rows) => {
    const lengths = rows.map((row) => row.length);
    const longest = Math.max(...lengths);
    const outputs = await session.run(feedsOf(rows, longest));
    if (outputs['sentence_embedding'] !== undefined)
      return rowsOf(float32Data(outputs, 'sentence_embedding'), rows.length);
    const name = ['last_hidden_state', 'token_embeddings'].find((name) => outputs[name] !== undefined);
    if (name === undefined)
      throw new TypeError(`${path} has none of the outputs ${Object.keys(signature.outputs).join(', ')}.`);
    return meanOfTokens(float32Data(outputs, name), lengths, longest);
  };
}

/** Padding after a row's end is masked, so it may be any token. */
function feedsOf(rows: readonly (readonly number[])[], longest: number): Record<string, Tensor> {
  const input = new BigInt64Array(rows.length * longest);
  const mask = new BigInt64Array(input.length);
  for (const [row, tokens] of rows.entries()) {
    for (const [place, token] of tokens.entries()) input[row * longest + place] = BigInt(token);
    mask.fill(1n, row * longest, row * longest + tokens.length);
  }
  const tensor = (data: BigInt64Array): Tensor => new Tensor('int64', data, [rows.length, longest]);
  return {
    input_ids: tensor(input),
    attention_mask: tensor(mask),
    token_type_ids: tensor(new BigInt64Array(input.length)),
  };
}

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
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return [...vector];
  const scale = normalize ? length : 1;
  const steps = 10 ** Math.max(0, digits - (normalize ? 0 : Math.floor(Math.log10(length))));
  // Adding 0 makes a zero of a negative one.
  return Array.from(vector, (value) => Math.round((value / scale) * steps) / steps + 0);
}
