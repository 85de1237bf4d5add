import type { Metadata } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodablePixels, decoderMemoryBytes, workingSize } from './image-limits.ts';
import { sharp } from './sharp.ts';

const working = 16e6;
const header = async (encode: (image: ReturnType<typeof sharp>) => ReturnType<typeof sharp>): Promise<Metadata> =>
  sharp(
    await encode(sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })).toBuffer(),
  ).metadata();

describe('decodablePixels', () => {
  test.each([
    ['JPEG', (image) => image.jpeg()],
    ['PNG', (image) => image.png()],
    ['TIFF', (image) => image.tiff()],
  ] satisfies [string, Parameters<typeof header>[0]][])('does not bound a %s, whose rows stream', async (_, encode) => {
    expect(decodablePixels(await header(encode), working)).toBe(Infinity);
  });

  test.each([
    ['progressive JPEG', 91, (image) => image.jpeg({ progressive: true })],
    [
      'progressive JPEG with all of its colour',
      45,
      (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
    ],
    ['progressive CMYK JPEG', 34, (image) => image.toColourspace('cmyk').jpeg({ progressive: true })],
    ['interlaced PNG', 91, (image) => image.png({ progressive: true })],
    ['interlaced 16-bit PNG', 45, (image) => image.toColourspace('rgb16').png({ progressive: true })],
    ['WebP', 56, (image) => image.webp()],
    ['GIF', 64, (image) => image.gif()],
    ['AVIF', 16, (image) => image.avif()],
    ['10-bit AVIF', 12, (image) => image.avif({ bitdepth: 10 })],
  ] satisfies [string, number, Parameters<typeof header>[0]][])(
    'bounds %s at %d megapixels',
    async (_, megapixels, encode) => {
      expect(decodablePixels(await header(encode), working) / 1e6).toBeCloseTo(megapixels, 0);
    },
  );

  test('takes an AVIF from the 12-megapixel camera of a phone, whatever its depth', async () => {
    const image = await header((plain) => plain.avif({ bitdepth: 10 }));
    expect(decodablePixels(image, working)).toBeGreaterThan(4032 * 3024);
  });

  test('counts the copy in which a picture is turned', async () => {
    const upright = await header((image) => image.jpeg({ progressive: true }));
    expect(decodablePixels({ ...upright, orientation: 6 }, working)).toBeLessThan(decodablePixels(upright, working));
  });

  test('bounds what is worked on, too', async () => {
    const streamed = await header((image) => image.png());
    expect(decodablePixels(streamed, 1e9)).toBe(Math.floor(decoderMemoryBytes / 3));
  });
});

describe('workingSize', () => {
  test('leaves an original alone that is small enough', () => {
    expect(workingSize({ width: 40, height: 25 }, 1000)).toEqual({ width: 40, height: 25 });
  });

  test('keeps the proportions of a larger original', () => {
    expect(workingSize({ width: 8000, height: 4000 }, 8e6)).toEqual({ width: 4000, height: 2000 });
  });

  test('has no side over 30 000 pixels', () => {
    expect(workingSize({ width: 60_000, height: 40 }, 16e6)).toEqual({ width: 30_000, height: 20 });
    expect(workingSize({ width: 1, height: 65_535 }, 16e6)).toEqual({ width: 1, height: 30_000 });
  });

  test.each([
    { width: 1_000_000, height: 1 },
    { width: 1, height: 1_000_000 },
    { width: 90_001, height: 3 },
    { width: 1e5, height: 1e5 },
  ])('never has more pixels than asked for, nor none: $width × $height', (original) => {
    for (const limit of [1, 2, 999, 123_456]) {
      const { width, height } = workingSize(original, limit);
      expect(width * height).toBeLessThanOrEqual(limit);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
    }
  });
});
