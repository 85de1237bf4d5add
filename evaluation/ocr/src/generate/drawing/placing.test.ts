import { expect, test } from 'vitest';
import type { Picture } from './picture.ts';
import { homography, place, project, type Quad, turnedQuad, turnedSize } from './placing.ts';

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

const grey = (width: number, height: number, values: readonly number[]): Picture => ({
  width,
  height,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const values = ({ data }: Picture): number[] => Array.from(data).filter((_, index) => index % 3 === 0);

const small = grey(2, 2, [10, 20, 30, 40]);
const ground = grey(
  4,
  3,
  Array.from({ length: 12 }, () => 200),
);

test('lays a picture where the corners say and leaves the rest', () => {
  const placed = place(
    small,
    [
      [1, 0],
      [3, 0],
      [3, 2],
      [1, 2],
    ],
    ground,
  );
  expect(values(placed)).toEqual([200, 10, 20, 200, 200, 30, 40, 200, 200, 200, 200, 200]);
});

test('turns a picture over when its corners are', () => {
  const placed = place(
    small,
    [
      [2, 2],
      [0, 2],
      [0, 0],
      [2, 0],
    ],
    ground,
  );
  expect(values(placed).slice(0, 2)).toEqual([40, 30]);
});

test('grows with the angle', () => {
  expect(turnedSize({ width: 200, height: 100 }, 0)).toEqual({ width: 200, height: 100 });
  expect(turnedSize({ width: 100, height: 100 }, 45)).toEqual({ width: 142, height: 142 });
});

test('turns clockwise around the middle', () => {
  const [topLeft, topRight] = turnedQuad({ width: 200, height: 100 }, 90, { width: 300, height: 300 });
  expect(topLeft[0]).toBeCloseTo(200);
  expect(topLeft[1]).toBeCloseTo(50);
  expect(topRight[0]).toBeCloseTo(200);
  expect(topRight[1]).toBeCloseTo(250);
});
