import { expect, test } from 'vitest';
import { boxMean } from './box-mean.ts';

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
