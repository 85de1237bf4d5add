import { describe, expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { sharp } from './sharp.ts';

const maxPixels = 1e6;
/** Left half red, right half blue. */
const halves = (alpha = 1) =>
  sharp({ create: { width: 400, height: 200, channels: 4, background: { r: 255, g: 0, b: 0, alpha } } }).composite([
    {
      input: { create: { width: 200, height: 200, channels: 4, background: { r: 0, g: 0, b: 255, alpha: 1 } } },
      left: 200,
      top: 0,
    },
  ]);

const opaque = async () => sharp(await halves().removeAlpha().png().toBuffer());

/** Where the left side of what is stored comes to lie, in fractions of the sides (EXIF 2.32, tag 274). */
const storedLeft = {
  1: [0.1, 0.5],
  2: [0.9, 0.5],
  3: [0.9, 0.5],
  4: [0.1, 0.5],
  5: [0.5, 0.1],
  6: [0.5, 0.1],
  7: [0.5, 0.9],
  8: [0.5, 0.9],
} as const;

describe('an original of more than the working pixels', () => {
  test.each([
    ['JPEG', async () => (await opaque()).jpeg({ quality: 95 })],
    ['progressive JPEG', async () => (await opaque()).jpeg({ quality: 95, progressive: true })],
    ['PNG', async () => (await opaque()).png()],
    ['interlaced PNG', async () => (await opaque()).png({ progressive: true })],
    ['16-bit PNG', async () => (await opaque()).toColourspace('rgb16').png()],
    ['WebP', async () => (await opaque()).webp({ quality: 95 })],
    ['tiled TIFF', async () => (await opaque()).tiff({ tile: true, compression: 'lzw' })],
    ['GIF', async () => (await opaque()).gif()],
    ['AVIF', async () => (await opaque()).avif({ quality: 90 })],
  ])('is decoded reduced from %s', async (_, encode) => {
    const file = await (await encode()).toBuffer();
    for (const workingPixels of [60_000, 5_000, 700]) {
      const image = await decodeImage(file, { maxPixels, workingPixels });
      expect(image.original).toEqual({ width: 400, height: 200 });
      expect(image.width * image.height).toBeLessThanOrEqual(workingPixels);
      expect(image.width * image.height).toBeGreaterThan(0.9 * workingPixels);
      expect(image.data.length).toBe(3 * image.width * image.height);
      expect(distance(pixel(image, 0.2, 0.5), [255, 0, 0])).toBeLessThan(12);
      expect(distance(pixel(image, 0.8, 0.5), [0, 0, 255])).toBeLessThan(12);
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('is upright with EXIF orientation %i', async (orientation) => {
    const file = await (await opaque()).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    const image = await decodeImage(file, { maxPixels, workingPixels: 5_000 });
    const turned = orientation > 4;
    expect(image.original).toEqual(turned ? { width: 200, height: 400 } : { width: 400, height: 200 });
    expect([image.width, image.height]).toEqual(turned ? [50, 100] : [100, 50]);
    const [x, y] = storedLeft[orientation];
    expect(distance(pixel(image, x, y), [255, 0, 0])).toBeLessThan(12);
    expect(distance(pixel(image, 1 - x, 1 - y), [0, 0, 255])).toBeLessThan(12);
  });

  test('has its transparency laid on a background that contrasts', async () => {
    const file = await halves(0).png().toBuffer();
    const image = await decodeImage(file, { maxPixels, workingPixels: 5_000 });
    expect(distance(pixel(image, 0.2, 0.5), [255, 255, 255])).toBeLessThan(12);
    expect(distance(pixel(image, 0.8, 0.5), [0, 0, 255])).toBeLessThan(12);
  });

  test.each([
    [20_000, 100],
    [100, 20_000],
  ])('keeps its proportions at %i × %i', async (width, height) => {
    const file = await sharp({ create: { width, height, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const whole = await decodeImage(file, { maxPixels: 2_000_000 });
    expect([whole.width, whole.height]).toEqual([width, height]);
    const image = await decodeImage(file, { maxPixels: 2_000_000, workingPixels: 500_000 });
    expect([image.width, image.height]).toEqual([width / 2, height / 2]);
  });
});

interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The colour at a place given as fractions of the sides. */
function pixel({ data, width, height }: Pixels, x: number, y: number): readonly number[] {
  const from = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
  return [...data.subarray(from, from + 3)];
}

/** The largest difference in any channel. */
const distance = (colour: readonly number[], expected: readonly number[]): number =>
  Math.max(...colour.map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
