import { expect, test } from 'vitest';
import type { Picture } from '../drawing/picture.ts';
import { place } from './place.ts';

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
