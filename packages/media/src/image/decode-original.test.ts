import { expect, test } from 'vitest';
import { decodeImage, decodeOriginal } from './decode-image.ts';
import { sharp } from './sharp.ts';

const limit = { maxPixels: 1e6 };
const plain = (width = 20, height = 10) =>
  sharp({ create: { width, height, channels: 3, background: { r: 250, g: 20, b: 30 } } });

test('an opaque original has the pixels of the decoded image', async () => {
  const file = await plain().withMetadata({ orientation: 6 }).png().toBuffer();
  const { original, ...decoded } = await decodeImage(file, limit);
  expect(original).toEqual({ width: 10, height: 20 });
  expect(await decodeOriginal(file, limit)).toEqual({ ...decoded, opacity: undefined });
});

test('transparency stays apart from the colours behind it', async () => {
  const pixels = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 7, 8, 9, 10, 0);
  const file = await sharp(pixels, { raw: { width: 3, height: 1, channels: 4 } })
    .png()
    .toBuffer();
  const { data, opacity, width, height } = await decodeOriginal(file, limit);
  expect([width, height]).toEqual([3, 1]);
  expect([...data]).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10]);
  expect([...(opacity ?? [])]).toEqual([255, 7, 0]);
});

test('no side is too long to keep all pixels', async () => {
  const file = await plain(40_000, 200).png().toBuffer();
  expect((await decodeImage(file, { maxPixels: 8e6 })).width).toBe(30_000);
  expect((await decodeOriginal(file, { maxPixels: 8e6 })).width).toBe(40_000);
});

test('a JPEG that lacks its end marker is decoded, one that lacks pixels is refused', async () => {
  const file = await plain(200, 150).jpeg().toBuffer();
  const { data } = await decodeOriginal(file, limit);
  expect(Buffer.compare((await decodeOriginal(file.subarray(0, -2), limit)).data, data)).toBe(0);
  await expect(decodeOriginal(file.subarray(0, -40), limit)).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('what is no image, or too large, is refused', async () => {
  await expect(decodeOriginal(Buffer.from('no image'), limit)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  const file = await plain().png().toBuffer();
  await expect(decodeOriginal(file, { maxPixels: 199 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});
