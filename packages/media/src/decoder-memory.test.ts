import type { Metadata } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodablePixels, decoderMemory } from './decoder-memory.ts';
import { sharp } from './image-library.ts';

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
    expect(decodablePixels(streamed, 1e9)).toBe(Math.floor(decoderMemory / 3));
  });
});
