/** A-law and µ-law as ITU-T G.711 defines them: the value of each byte, −1 to 1. */
const table = (value: (byte: number) => number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, byte) => value(byte));

/** Sign, three bits of exponent, four of mantissa; every other bit is inverted. */
export const aLaw = table((byte) => {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = 2 * (bits & 15) + 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
  return ((bits & 0x80) !== 0 ? magnitude : -magnitude) / 2 ** 12;
});

/** The same fields, with a bias of 33 and all bits inverted. */
export const muLaw = table((byte) => {
  const bits = ~byte & 0xff;
  const magnitude = ((2 * (bits & 15) + 33) << ((bits >> 4) & 7)) - 33;
  return ((bits & 0x80) !== 0 ? -magnitude : magnitude) / 2 ** 13;
});
