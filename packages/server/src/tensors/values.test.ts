import { describe, expect, it } from 'vitest';
import { halfToNumber, numberToHalf, packTexts, typedView, unpackTexts } from './values.ts';

describe('A typed view', () => {
  it('copies what no typed array can be laid over', () => {
    const bytes = new Uint8Array(12).subarray(3, 11);
    bytes.set([0, 0, 0, 0, 0, 0, 240, 63]);
    expect([...typedView('FP64', bytes)]).toEqual([1]);
  });
});

describe('A half', () => {
  it('knows that every half is its own nearest half', () => {
    const halves = Array.from({ length: 0x10000 }, (_, half) => half).filter(
      (half) => !Number.isNaN(halfToNumber(half)),
    );
    expect(halves).toHaveLength(0x10000 - 2 * 1_023);
    expect(halves.map((half) => numberToHalf(halfToNumber(half)))).toEqual(halves);
  });

  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
  ])('the bits %i are %d', (half, value) => expect(halfToNumber(half)).toBe(value));

  it('rounds to the nearest half, and to the even one of two as near', () => {
    expect(halfToNumber(numberToHalf(0.1))).toBe(0.0999755859375);
    expect(numberToHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(numberToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(numberToHalf(1 + 2 ** -11 + 2 ** -40)).toBe(0x3c01);
    expect(numberToHalf(2 - 2 ** -30)).toBe(0x4000);
    expect(numberToHalf(2 ** -25)).toBe(0);
    expect(numberToHalf(2 ** -25 * 1.000_000_001)).toBe(1);
    expect(numberToHalf(2 ** -14 - 2 ** -40)).toBe(0x0400);
  });

  it('is infinite from the middle between the largest half and the next power of two', () => {
    expect(numberToHalf(65_519.999)).toBe(0x7bff);
    expect(numberToHalf(65_520)).toBe(0x7c00);
    expect(numberToHalf(-1e300)).toBe(0xfc00);
  });

  it('keeps the sign of nothing and what is no number', () => {
    expect(numberToHalf(-0)).toBe(0x8000);
    expect(halfToNumber(numberToHalf(Number.NaN))).toBeNaN();
  });
});

describe('Packed texts', () => {
  const texts = ['', 'a', 'Grüße', '数字 🙂', '\u0000'];

  it('gives back the texts that it packed', () => {
    const packed = packTexts(texts);
    expect(unpackTexts(packed)).toEqual(texts);
  });

  it('writes the length of each in four little-endian bytes', () => {
    expect([...packTexts(['é', ''])]).toEqual([2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]);
  });

  it.each([
    ['within a length', [1, 0, 0]],
    ['within a text', [5, 0, 0, 0, 97]],
    ['far before the announced end', [255, 255, 255, 255, 97]],
    ['with a byte too many', [1, 0, 0, 0, 97, 98]],
  ])('finds nothing in bytes that end %s', (_where, bytes) => {
    expect(unpackTexts(Uint8Array.from(bytes))).toBeUndefined();
  });
});
