import { expect, test } from 'vitest';
import { aLaw, muLaw } from './g711.ts';

test('bytes mean what tables 1 and 2 of G.711 say', () => {
  // Steps of 16 bits: the smallest, the largest, and one in between, of either sign.
  const sixteenBits = (table: Float32Array, byte: number): number => (table[byte] ?? NaN) * 2 ** 15;
  expect([0xd5, 0x55, 0xaa, 0x2a, 0x80, 0xf1].map((byte) => sixteenBits(aLaw, byte))).toEqual([
    8, -8, 32_256, -32_256, 5_504, 656,
  ]);
  expect([0xff, 0x7e, 0x80, 0x00, 0xe7, 0x9b].map((byte) => sixteenBits(muLaw, byte))).toEqual([
    0, -8, 32_124, -32_124, 260, 10_364,
  ]);
});
