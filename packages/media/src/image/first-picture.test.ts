import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { hostilePicture } from '../testing/hostile-pictures.ts';
import { hasMorePages } from './first-picture.ts';
import { sharp } from './sharp.ts';

const picture = (background: string) => sharp({ create: { width: 40, height: 30, channels: 3, background } });
const joined = async (...colours: string[]) =>
  sharp(await Promise.all(colours.map((colour) => picture(colour).png().toBuffer())), { join: { animated: true } });

test.each(['gif', 'webp', 'tiff'] as const)(
  'a %s of several has more pages, one of a single picture has not',
  async (format) => {
    const several = await (await joined('red', 'lime')).toFormat(format, { lossless: true }).toBuffer();
    expect(hasMorePages(several)).toBe(true);
    expect(hasMorePages(await picture('red').toFormat(format, { lossless: true }).toBuffer())).toBe(false);
  },
);

test.each(['jpeg', 'png', 'avif'] as const)('a %s has one', async (format) => {
  expect(hasMorePages(await picture('red').toFormat(format).toBuffer())).toBe(false);
});

test.each([
  [1, false],
  [2, true],
])('a PNG that says it has %i frames', async (frames, expected) => {
  const png = await picture('red').png().toBuffer();
  const control = Buffer.alloc(20);
  control.writeUInt32BE(8);
  control.write('acTL', 4, 'latin1');
  control.writeUInt32BE(frames, 8);
  control.writeUInt32BE(crc32(control.subarray(4, 16)), 16);
  // Behind the header.
  expect(hasMorePages(Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]))).toBe(expected);
});

test.each([
  ['a page', 0, true],
  ['a page of several', 2, true],
  ['a smaller version', 1, false],
  ['a mask', 4, false],
])('a second directory of a TIFF may be %s', (_what, kind, expected) => {
  for (const isLittle of [true, false]) expect(hasMorePages(tiffWithSecond(kind, isLittle))).toBe(expected);
});

/** Directories with no more than what they are. */
function tiffWithSecond(kind: number, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 + 2 * 18));
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  for (const [at, value, next] of [
    [8, 0, 26],
    [26, kind, 0],
  ] as const) {
    view.setUint16(at, 1, isLittle);
    view.setUint16(at + 2, 254, isLittle);
    view.setUint16(at + 4, 4, isLittle);
    view.setUint32(at + 6, 1, isLittle);
    view.setUint32(at + 10, value, isLittle);
    view.setUint32(at + 14, next, isLittle);
  }
  return new Uint8Array(view.buffer);
}

test.each(['GIF of many frames', 'WebP of many frames', 'TIFF of many pages'])('%s', async (name) => {
  expect(hasMorePages((await hostilePicture(name, 100_000)).data)).toBe(true);
});

test.each(['TIFF whose pages are a circle', 'GIF of many comments', 'PNG of many texts', 'PNG of empty data chunks'])(
  'what it costs is bounded: %s',
  async (name) => {
    const { data } = await hostilePicture(name, 1_000_000);
    expect(typeof hasMorePages(data)).toBe('boolean');
    for (const length of [0, 1, 4, 12, 20, 50]) expect(hasMorePages(data.subarray(0, length))).toBe(false);
  },
);
