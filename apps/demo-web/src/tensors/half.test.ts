import { describe, expect, it } from 'vitest';
import { halfBits, halfValue } from './half.ts';

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [65_504, 0x7bff],
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2047.5, 0x6800],
  ])('has the bits that IEEE 754 gives %d', (value, bits) => {
    expect(halfBits(value)).toBe(bits);
  });

  it('comes back from all its bits', () => {
    const all = Array.from({ length: 0x1_0000 }, (_, bits) => bits).filter((bits) => !Number.isNaN(halfValue(bits)));
    expect(all.filter((bits) => halfBits(halfValue(bits)) !== bits)).toEqual([]);
    expect(halfValue(0x7e00)).toBeNaN();
    expect(halfBits(Number.NaN)).toBe(0x7e00);
  });
});
