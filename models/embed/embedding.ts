/** Digits behind the point of a vector of length 1: 5e-8 off at most in each axis, in half of the text that float64 takes. */
const digits = 7;

/** A vector as it is told, of length 1 if it shall be; one of no length stays as it is. */
export function embedding(vector: Float64Array, normalize: boolean): number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return [...vector];
  const scale = normalize ? length : 1;
  const steps = 10 ** Math.max(0, digits - (normalize ? 0 : Math.floor(Math.log10(length))));
  // Adding 0 makes a zero of a negative one.
  return Array.from(vector, (value) => Math.round((value / scale) * steps) / steps + 0);
}
