import { expect, it } from 'vitest';
import { numberToHalf } from './half-precision.ts';

/** By the definition of the format: a sign, five bits of exponent, ten of fraction. */
function numberOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

const positive = Array.from({ length: 0x7c01 }, (_, half) => half);

it('gives every half back', () => {
  expect(positive.map((half) => numberToHalf(numberOf(half)))).toEqual(positive);
  expect(positive.map((half) => numberToHalf(-numberOf(half)))).toEqual(positive.map((half) => half | 0x8000));
});

it('takes the even one of two as near, and the nearer one beside the middle', () => {
  const finite = positive.slice(0, 0x7bff);
  const middles = finite.map((half) => (numberOf(half) + numberOf(half + 1)) / 2);
  expect(middles.map(numberToHalf)).toEqual(finite.map((half) => half + (half % 2)));
  expect(middles.map((middle) => numberToHalf(middle * (1 - 2 ** -50)))).toEqual(finite);
  expect(middles.map((middle) => numberToHalf(middle * (1 + 2 ** -50)))).toEqual(finite.map((half) => half + 1));
});

it('is infinite from 65520 up, and keeps what is no number', () => {
  expect([65_519, 65_520, 1e300, Infinity, -Infinity, Number.NaN].map(numberToHalf)).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00, 0x7e00,
  ]);
});
