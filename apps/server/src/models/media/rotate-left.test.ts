import { expect, test } from 'vitest';
import { rotateLeft } from './rotate-left.ts';

test('makes the right side the top', () => {
  const [a, b, c, d, e, f] = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [10, 11, 12],
    [13, 14, 15],
    [16, 17, 18],
  ] as const;
  const image = { data: Uint8Array.from([a, b, c, d, e, f].flat()), width: 3, height: 2 };
  expect(rotateLeft(image)).toEqual({ data: Uint8Array.from([c, f, b, e, a, d].flat()), width: 2, height: 3 });
});
