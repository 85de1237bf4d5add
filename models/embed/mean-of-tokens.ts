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
