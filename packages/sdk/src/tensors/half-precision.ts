/** The bits of the nearest half, the even one of two as near; infinity from 65520 up. Not every platform has an array of halves. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), 2 ** 16);
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  // At 2 to the 52nd a double has no fraction left: it is rounded to the nearest whole number, or the even one.
  const steps = magnitude * 2 ** (10 - exponent) + 2 ** 52 - 2 ** 52;
  // Steps of 1024 and more carry into the exponent, as they should.
  return sign | (((exponent + 14) << 10) + steps);
}
