import { expect, test } from 'vitest';
import { homography, project, type Quad } from './homography.ts';

const square: Quad = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
];

test('takes corners to corners', () => {
  const quad: Quad = [
    [10, 20],
    [220, 5],
    [190, 140],
    [30, 160],
  ];
  const matrix = homography(square, quad);
  const projected = square.map(([x, y]) => project(matrix, x, y).map((value) => Math.round(value * 1e6) / 1e6));
  expect(projected).toEqual(quad);
});

test('keeps straight lines straight, shorter where they are farther away', () => {
  const matrix = homography(square, [
    [25, 0],
    [75, 0],
    [100, 100],
    [0, 100],
  ]);
  const [x, y] = project(matrix, 50, 50);
  expect(x).toBeCloseTo(50);
  // The diagonals of the trapezium meet above its middle.
  expect(y).toBeCloseTo(100 / 3);
});
