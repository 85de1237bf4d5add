import { expect, test } from 'vitest';
import { stretch } from './stretched-plane.ts';

test('values in between lie on a line between the middles of pixels, and edges stay as they are', () => {
  const line = { values: Float32Array.of(0, 4), width: 2, height: 1 };
  expect([...stretch(line, { width: 4, height: 1 }).values]).toEqual([0, 1, 3, 4]);
});

test('rows are stretched as columns are', () => {
  const column = { values: Float32Array.of(0, 4), width: 1, height: 2 };
  expect([...stretch(column, { width: 1, height: 4 }).values]).toEqual([0, 1, 3, 4]);
});

test('a plane of the same size is left alone', () => {
  const plane = { values: Float32Array.of(1, 2, 3, 4, 5, 6), width: 3, height: 2 };
  expect(stretch(plane, { width: 3, height: 2 })).toEqual(plane);
});

test('one pixel fills any size', () => {
  const { values } = stretch({ values: Float32Array.of(7), width: 1, height: 1 }, { width: 3, height: 3 });
  expect([...values]).toEqual(Array.from({ length: 9 }, () => 7));
});
