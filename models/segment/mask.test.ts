import { expect, test } from 'vitest';
import { maskLines } from './mask.ts';
import { mapPlane } from './planes.ts';

const size = { width: 40, height: 9 };
const column = (index: number): number => index % size.width;

test('a mask blurred over an edge of the picture becomes as sharp as the edge', () => {
  const luma = mapPlane(size, (index) => (column(index) < 20 ? 0.2 : 0.8));
  const blurred = mapPlane(size, (index) => Math.min(Math.max((column(index) - 15.5) / 8, 0), 1));
  const { slope, offset } = maskLines(luma, blurred, { x: 6, y: 2 });
  const fitted = mapPlane(
    size,
    (index) => (slope.values[index] ?? NaN) * (luma.values[index] ?? NaN) + (offset.values[index] ?? NaN),
  );
  const row = [...fitted.values.subarray(4 * size.width, 5 * size.width)];
  const jump = (values: readonly number[]): number => (values[20] ?? NaN) - (values[19] ?? NaN);
  expect(jump([...blurred.values])).toBeCloseTo(0.125);
  expect(jump(row)).toBeGreaterThan(0.5);
});

test('where the picture is even the mask is only smoothed', () => {
  const luma = mapPlane(size, () => 0.5);
  const { slope, offset } = maskLines(
    luma,
    mapPlane(size, () => 0.25),
    { x: 3, y: 3 },
  );
  for (const value of slope.values) expect(value).toBeCloseTo(0);
  for (const value of offset.values) expect(value).toBeCloseTo(0.25);
});
