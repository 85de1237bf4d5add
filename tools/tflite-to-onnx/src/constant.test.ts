import { expect, test } from 'vitest';
import { constantOf, fromHalf, transpose } from './constant.ts';

test.each([
  [0x0000, 0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65_504],
  [0x0001, 2 ** -24],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
])('half precision %i is %d', (bits, value) => {
  expect(fromHalf(bits)).toBe(value);
});

test('values are read by their type', () => {
  expect(constantOf({ shape: [2], type: 'float16', data: Uint8Array.of(0, 0x3c, 0, 0xc0) }).values).toEqual(
    Float32Array.of(1, -2),
  );
  expect(constantOf({ shape: [], type: 'int32', data: Uint8Array.of(254, 255, 255, 255) }).values).toEqual(
    Float32Array.of(-2),
  );
  expect(constantOf({ shape: [1], type: 'float32', data: Uint8Array.of(0, 0, 128, 63) }).values).toEqual(
    Float32Array.of(1),
  );
});

test('a constant that is too short for its shape is refused', () => {
  expect(() => constantOf({ shape: [3], type: 'float32', data: new Uint8Array(8) })).toThrow('8 bytes, not 12');
});

test('transposing a matrix swaps its rows and columns', () => {
  const matrix = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  expect(transpose(matrix, [1, 0])).toEqual({ shape: [3, 2], values: Float32Array.of(1, 4, 2, 5, 3, 6) });
});

test('transposing there and back changes nothing', () => {
  const constant = { shape: [2, 3, 4, 5], values: Float32Array.from({ length: 120 }, (_, index) => index) };
  const first = transpose(constant, [0, 3, 1, 2]);
  expect(first.shape).toEqual([2, 5, 3, 4]);
  expect(transpose(first, [0, 2, 3, 1])).toEqual(constant);
});
