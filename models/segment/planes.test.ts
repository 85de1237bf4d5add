import { expect, test } from 'vitest';
import { boxMean, stretch } from './planes.ts';

const plane = (width: number, height: number) => ({
  values: Float32Array.from({ length: width * height }, (_, index) => Math.sin(index * 12.9898) * 100),
  width,
  height,
});

/** The definition, slowly. */
function meanAround({ values, width, height }: ReturnType<typeof plane>, index: number, x: number, y: number): number {
  const inside = [...values.keys()].filter(
    (other) =>
      Math.abs((other % width) - (index % width)) <= x &&
      Math.abs(Math.floor(other / width) - Math.floor(index / width)) <= y,
  );
  if (height * width !== values.length) throw new RangeError('Not the size of the plane.');
  return inside.reduce((sum, other) => sum + (values[other] ?? NaN), 0) / inside.length;
}

test.each([
  [7, 5, 1, 1],
  [7, 5, 2, 1],
  [5, 9, 1, 4],
  [4, 3, 9, 9],
  [1, 6, 2, 2],
  [6, 1, 2, 2],
  [1, 1, 3, 3],
])('%i × %i pixels, reaching %i and %i far', (width, height, x, y) => {
  const given = plane(width, height);
  const means = boxMean(given, { x, y });
  for (const [index, mean] of means.values.entries()) expect(mean).toBeCloseTo(meanAround(given, index, x, y), 3);
});

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
