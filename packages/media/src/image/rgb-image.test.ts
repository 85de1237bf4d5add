import { describe, expect, test } from 'vitest';
import { coverImage, cropImage, resizeImage, resizeRegion } from './rgb-image.ts';

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

describe('the middle of an image, scaled', () => {
  /** A column for each value, of the same grey from top to bottom. */
  const columns = (values: readonly number[], height: number) => ({
    data: Uint8Array.from(
      { length: 3 * values.length * height },
      (_, at) => values[Math.floor(at / 3) % values.length] ?? NaN,
    ),
    width: values.length,
    height,
  });

  const greyOf = ({ data }: { readonly data: Uint8Array }): number[] =>
    Array.from(data.filter((_, at) => at % 3 === 0));

  test('keeps its proportions and loses what is too wide', async () => {
    const middle = await coverImage(columns([9, 50, 60, 9], 2), { width: 2, height: 2 });
    expect([middle.width, middle.height]).toEqual([2, 2]);
    expect(greyOf(middle)).toEqual([50, 60, 50, 60]);
  });

  test('a share below 1 leaves an edge out on every side', async () => {
    const middle = await coverImage(columns([9, 50, 60, 9], 4), { width: 2, height: 2, share: 2 / 4 });
    expect(greyOf(middle)).toEqual([50, 60, 50, 60]);
  });

  test('an image is enlarged where it is too small', async () => {
    const middle = await coverImage(columns([70], 1), { width: 3, height: 2 });
    expect([...middle.data]).toEqual(Array<number>(18).fill(70));
  });

  test('a share that is none is refused', async () => {
    await expect(coverImage(columns([1], 1), { width: 1, height: 1, share: 1.5 })).rejects.toThrow('A share of 1.5');
  });
});

describe("as OpenCV's INTER_LINEAR", () => {
  const greys = (values: readonly number[], width: number) => ({
    data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
    width,
    height: values.length / width,
  });
  const scaled = async (image: ReturnType<typeof greys>, width: number, height: number): Promise<number[]> => {
    const { data } = await resizeImage(image, { width, height, kernel: 'open-cv' });
    return Array.from(data.filter((_, at) => at % 3 === 0));
  };

  test('a pixel lies between four, and the others do not count', async () => {
    // cv2.resize(numpy.uint8([[0, 90, 255, 9, 9, 120, 30, 9]]), (2, 1)) is [[173, 75]].
    expect(await scaled(greys([0, 90, 255, 9, 9, 120, 30, 9], 8), 2, 1)).toEqual([173, 75]);
    // Of two rows, each pixel is the mean of both.
    expect(await scaled(greys([0, 100, 100, 200], 2), 2, 1)).toEqual([50, 150]);
  });

  test('the outermost pixels count alone at the edge of what is enlarged', async () => {
    expect(await scaled(greys([0, 100], 2), 4, 1)).toEqual([0, 25, 75, 100]);
  });

  test('a part of an image does not see what lies beside it', async () => {
    const image = greys([9, 0, 100, 9, 9, 0, 100, 9], 4);
    const part = await resizeRegion(
      image,
      { left: 1, top: 0, width: 2, height: 2 },
      { width: 4, height: 1, kernel: 'open-cv' },
    );
    expect(Array.from(part.data.filter((_, at) => at % 3 === 0))).toEqual([0, 25, 75, 100]);
  });
});
