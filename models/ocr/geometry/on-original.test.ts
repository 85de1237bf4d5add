import { expect, test } from 'vitest';
import { box } from '../testing/boxes.ts';
import { onOriginal } from './on-original.ts';

const image = { data: new Uint8Array(), width: 200, height: 100 };

test('places corners on an original that was decoded reduced, to a tenth of a pixel', () => {
  const place = onOriginal({ ...image, original: { width: 600, height: 200 } });
  expect(place(box(10.01, 20, 30.11, 40))).toEqual(
    [
      [30, 40],
      [120.4, 40],
      [120.4, 120],
      [30, 120],
    ].map(([x, y]) => ({ x, y })),
  );
});

test('keeps corners inside of the original', () => {
  const place = onOriginal({ ...image, original: { width: 200, height: 100 } });
  expect(place(box(-5, -3, 300, 200))).toEqual(box(0, 0, 200, 100));
});
