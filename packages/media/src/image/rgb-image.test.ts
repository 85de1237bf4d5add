import { describe, expect, test } from 'vitest';
import { cropImage, resizeImage, resizeRegion } from './rgb-image.ts';

/** Columns of grey 0, 100 and 200, two rows. */
const image = {
  data: Uint8Array.from([0, 100, 200, 0, 100, 200].flatMap((grey) => [grey, grey, grey])),
  width: 3,
  height: 2,
};

test.each(['linear', 'cubic'] as const)('%s: cuts a part out', async (kernel) => {
  const part = await resizeRegion(image, { left: 1, top: 1, width: 2, height: 1 }, { width: 2, height: 1, kernel });
  expect(part).toEqual({ data: Buffer.of(100, 100, 100, 200, 200, 200), width: 2, height: 1 });
});

test.each(['linear', 'cubic'] as const)('%s: averages where it shrinks', async (kernel) => {
  const part = await resizeRegion(image, { left: 0, top: 0, width: 3, height: 2 }, { width: 1, height: 1, kernel });
  expect(part.data[0]).toBe(100);
});

test.each(['linear', 'cubic'] as const)('%s: stretches without regard to the proportions', async (kernel) => {
  const part = await resizeRegion(image, { left: 0, top: 0, width: 1, height: 2 }, { width: 5, height: 3, kernel });
  expect([part.width, part.height, part.data.length]).toEqual([5, 3, 45]);
});

test('an image is stretched whole', async () => {
  const target = { width: 6, height: 1, kernel: 'linear' } as const;
  const whole = { left: 0, top: 0, width: 3, height: 2 };
  expect(await resizeImage(image, target)).toEqual(await resizeRegion(image, whole, target));
});

describe('cropImage', () => {
  test('copies a part out', () => {
    expect(cropImage(image, { left: 1, top: 1, width: 2, height: 1 })).toEqual({
      data: Uint8Array.of(100, 100, 100, 200, 200, 200),
      width: 2,
      height: 1,
    });
    expect(cropImage(image, { left: 0, top: 0, width: 3, height: 2 })).toEqual(image);
  });

  test.each([
    { left: 1, top: 0, width: 3, height: 1 },
    { left: 0, top: 1, width: 1, height: 2 },
    { left: -1, top: 0, width: 1, height: 1 },
    { left: 0, top: 0, width: 0, height: 1 },
  ])('refuses $width × $height pixels at ($left, $top)', (region) => {
    expect(() => cropImage(image, region)).toThrow('not inside the image of 3 × 2 pixels');
  });
});
