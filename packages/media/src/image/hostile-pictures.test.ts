import { isFailure } from '@portico/schemas';
import { describe, expect, test } from 'vitest';
import { hostilePicture } from '../testing/hostile-pictures.ts';
import { decodeImage } from './decode-image.ts';
import { sharp } from './sharp.ts';

const maxPixels = 50e6;
const decode = async (name: string, bytes: number): Promise<{ width: number; height: number }> =>
  (await decodeImage((await hostilePicture(name, bytes)).data, { maxPixels })).original;

describe('of many frames or pages the first is decoded, and the others are not looked at:', () => {
  test.each([
    ['GIF of many frames', 64],
    ['WebP of many frames', 64],
    ['TIFF of many pages', 1],
    ['TIFF whose pages are a circle', 1],
  ])('%s', async (name, side) => {
    // All of them would take libvips more than a minute, 20 MB of WebP twenty.
    expect(await decode(name, 5_000_000)).toEqual({ width: side, height: side });
  });

  test.each(['gif', 'webp', 'tiff'] as const)('a %s of three looks like its first alone', async (format) => {
    const frame = (background: string) => sharp({ create: { width: 40, height: 30, channels: 3, background } });
    const colours = ['red', 'lime', 'blue'].map((colour) => frame(colour).png().toBuffer());
    const joined = sharp(await Promise.all(colours), { join: { animated: true } });
    const file = await joined.toFormat(format, { lossless: true }).withMetadata({ orientation: 6 }).toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(3);
    const still = await frame('red').toFormat(format, { lossless: true }).withMetadata({ orientation: 6 }).toBuffer();
    expect(await decodeImage(file, { maxPixels })).toEqual(await decodeImage(still, { maxPixels }));
  });
});

describe('the proportions of a picture are bounded, whatever its pixels:', () => {
  test.each([
    ['PNG one pixel wide', '1 × 49000000'],
    ['PNG one pixel high', '49000000 × 1'],
    ['PNG seven pixels wide', '7 × 7000000'],
    ['PNG of 20 × 60 000', '20 × 60000'],
  ])('%s', async (name, size) => {
    await expect(decode(name, 0)).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(
        new RegExp(`has ${size} pixels .* longer side may have at most 65535 pixels and be at most 200 times`),
      ),
    });
  });

  test.each([
    [4_096, 1],
    [300, 60_000],
  ])('%i × %i is decoded', async (width, height) => {
    const file = await sharp({ create: { width, height, channels: 3, background: 'red' }, limitInputPixels: false })
      .png()
      .toBuffer();
    expect((await decodeImage(file, { maxPixels, workingPixels: 1e6 })).original).toEqual({ width, height });
  });
});

test('a JPEG may have a hundred scans', async () => {
  await expect(decode('progressive JPEG of many scans', 400_000)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('more than 100 scans'),
  });
  const usual = await hostilePicture('progressive JPEG of many scans', 0);
  expect((await decodeImage(usual.data, { maxPixels, workingPixels: 1e6 })).original.width).toBe(2_000);
});

test.each(['JPEG of many markers', 'JPEG of profiles'])('a %s is refused by its head', async (name) => {
  await expect(decode(name, 1_000_000)).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('an AVIF pays for each of its tiles, however often it is the same', async () => {
  await expect(decode('AVIF of many tiles', 0)).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: 'The tiles of the AVIF have 819 megapixels; the limit is 50 megapixels. Send it smaller or as a JPEG.',
  });
});

test.each(['PNG with a bomb of text', 'PNG with a bomb of UTF-8', 'PNG with a bomb of a profile', 'PNG of many texts'])(
  '%s is decoded without it',
  async (name) => {
    expect(await decode(name, 1_000_000)).toEqual({ width: 16, height: 16 });
  },
);

test.each(['TIFF of one huge tile', 'TIFF with a tag of 4 GiB', 'AVIF of 16 megapixels by its head'])(
  '%s is decoded or refused',
  async (name) => {
    const outcome = await decode(name, 0).catch((error: unknown) => error);
    expect(isFailure(outcome) || 'width' in (outcome as object)).toBe(true);
  },
);
