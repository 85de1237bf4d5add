import { describe, expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { sharp } from './sharp.ts';

const options = { maxPixels: 1e6 };
const noise = () =>
  sharp({
    create: {
      width: 200,
      height: 150,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  });
const badInput = expect.objectContaining({ code: 'BAD_INPUT' });

describe.each([
  ['baseline', false],
  ['progressive', true],
])('a %s JPEG', (_, progressive) => {
  const jpeg = () => noise().jpeg({ progressive }).toBuffer();

  test('that lacks only its last marker is decoded whole', async () => {
    const file = await jpeg();
    expect(file.subarray(-2).toString('hex')).toBe('ffd9');
    const { data } = await decodeImage(file, options);
    for (const missing of [1, 2])
      expect(same((await decodeImage(file.subarray(0, -missing), options)).data, data)).toBe(true);
  });

  test('that lacks data too is refused', async () => {
    const file = await jpeg();
    for (const missing of [40, 1_000, file.length / 2]) {
      const cut = file.subarray(0, file.length - missing);
      await expect(decodeImage(cut, options)).rejects.toEqual(badInput);
      await expect(decodeImage(cut, { ...options, workingPixels: 5_000 })).rejects.toEqual(badInput);
    }
  });
});

test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)('what follows a %s is ignored', async (format) => {
  const file = await noise().toFormat(format).toBuffer();
  const { data } = await decodeImage(file, options);
  const followed = Buffer.concat([file, Buffer.alloc(5_000, 'another picture')]);
  expect(same((await decodeImage(followed, options)).data, data)).toBe(true);
});

test.each(['png', 'avif'] as const)('a %s with wrong bytes in its pixels is refused', async (format) => {
  const file = await noise().toFormat(format).toBuffer();
  const middle = Math.floor(file.length / 2);
  file.fill(0x55, middle, middle + 30);
  await expect(decodeImage(file, options)).rejects.toEqual(badInput);
});

describe('a JPEG with EXIF that cannot be right is decoded as it is stored:', () => {
  const turned = () => noise().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const stored = expect.objectContaining({ width: 200, height: 150, original: { width: 200, height: 150 } });

  test.each([0, 9, 255, 65_535])('an orientation of %i', async (orientation) => {
    const file = await turned();
    const entry = file.indexOf(Buffer.from([0x12, 0x01, 3, 0]));
    expect(file.readUInt16LE(entry + 8)).toBe(6);
    file.writeUInt16LE(orientation, entry + 8);
    expect(await decodeImage(file, options)).toEqual(stored);
  });

  test.each([
    ['a broken byte order', 6, 14],
    ['a broken directory', 14, 40],
  ])('%s', async (_, from, to) => {
    const file = await turned();
    const exif = file.indexOf('Exif');
    file.fill(0xff, exif + from, exif + to);
    expect(await decodeImage(file, options)).toEqual(stored);
  });
});

describe('a small file that claims to be huge is refused by its header:', () => {
  test('a GIF', async () => {
    await expect(decodeImage(gif(60_000, 60_000), options)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('a GIF whose frame is larger than its screen', async () => {
    await expect(decodeImage(gif(10, 60_000), options)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('an AVIF that hides its size', async () => {
    const file = await noise().avif().toBuffer();
    const size = file.indexOf('ispe');
    file.writeUInt32BE(20, size + 8);
    file.writeUInt32BE(10, size + 12);
    await expect(decodeImage(file, options)).rejects.toEqual(badInput);
  });

  test('an AVIF of more than fits in memory', async () => {
    const file = await noise().avif().toBuffer();
    const size = file.indexOf('ispe');
    file.writeUInt32BE(8_000, size + 8);
    file.writeUInt32BE(6_000, size + 12);
    await expect(decodeImage(file, { maxPixels: 50e6 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message:
        'The image has 8000 × 6000 pixels (48 megapixels); the limit for AVIF is 16 megapixels, since decoding it needs much memory. Send it smaller or as a JPEG.',
    });
  });
});

/** A GIF of one frame with next to no pixels in it; its screen and its frame are squares. */
function gif(screen: number, frame: number): Buffer {
  const file = Buffer.from('474946383961000000008000000000ff0000ff2c00000000000000000002024c01003b', 'hex');
  for (const at of [6, 8]) file.writeUInt16LE(screen, at);
  for (const at of [24, 26]) file.writeUInt16LE(frame, at);
  return file;
}

/** Comparing thousands of values one by one would take the test seconds. */
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
