/** Digits behind the point of a vector of length 1: 5e-8 off at most in each axis, in half of the text that float64 takes. */
const digits = 7;

/**
 * The mean of each row's own tokens, as sentence-transformers pools.
 *
 * @param hidden rows × longest × width, with padding at the end of the rows
 * @param lengths tokens of each row
 * @param longest tokens of the longest row
 */
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

/** The first token of each row, BERT's `[CLS]`; `hidden` as for `meanOfTokens`. */
export function firstTokens(hidden: Float32Array, rows: number, longest: number): Float64Array[] {
  const width = hidden.length / (rows * longest);
  return Array.from({ length: rows }, (_, row) => {
    const start = row * longest * width;
    return Float64Array.from(hidden.subarray(start, start + width));
  });
}

/** A vector rounded for JSON, scaled to length 1 where `normalize` is set; one of length 0 stays as it is. */
export function embeddingOf(vector: ArrayLike<number>, normalize: boolean): number[] {
  const values = Array.from(vector);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return values;
  const scale = normalize ? length : 1;
  const steps = 10 ** Math.max(0, digits - (normalize ? 0 : Math.floor(Math.log10(length))));
  // Adding 0 makes a zero of a negative one.
  return values.map((value) => Math.round((value / scale) * steps) / steps + 0);
}
