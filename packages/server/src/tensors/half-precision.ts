/** IEEE 754 binary16 in two bytes: five bits of exponent, ten of fraction. Node 20 has no array of it. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The number that 16 bits stand for. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** The bits of the nearest half, the even one of two as near; infinity from 65520 up. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65_520) return sign | 0x7c00;
  // Below the smallest normal number halves are multiples of one step; a result of 1024 steps is that number's bits.
  if (magnitude < 2 ** -14) return sign | nearestEven(magnitude * 2 ** 24);
  const exponent = exponentOf(magnitude);
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + nearestEven((magnitude / 2 ** exponent - 1) * 1_024));
}

/** The exponent of a normal number; rounded to 32 bits it could only be one too large. */
function exponentOf(magnitude: number): number {
  float[0] = magnitude;
  const exponent = ((bits[0] ?? 0) >> 23) - 127;
  return 2 ** exponent > magnitude ? exponent - 1 : exponent;
}

function nearestEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
