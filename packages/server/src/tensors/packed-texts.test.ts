import { expect, it } from 'vitest';
import { countTexts, packTexts, unpackTexts } from './packed-texts.ts';

const texts = ['', 'a', 'Grüße', '数字 🙂', '\u0000'];

it('gives back the texts that it packed', () => {
  const packed = packTexts(texts);
  expect(unpackTexts(packed)).toEqual(texts);
  expect(countTexts(packed)).toBe(texts.length);
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
  expect(countTexts(Uint8Array.from(bytes))).toBeUndefined();
});
