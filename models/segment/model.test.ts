import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFailure, type segment } from '@portico/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharp } from '@portico/media/image';
import { CancelAtFirstRun, type LoadedModel } from '@portico/server/testing';
import model from './model.ts';
import { inputOf, loadSegment, type ParamsGiven, type Segmenter, segmenterOf } from './testing/load-segment.ts';

let loaded: LoadedModel<typeof segment>;
let cut: Segmenter;
let sample: Buffer;
let blank: Buffer;
beforeAll(async () => {
  loaded = await loadSegment();
  cut = segmenterOf(loaded);
  sample = await readFile(join(import.meta.dirname, '../../samples/astronaut.png'));
  blank = await plain(300, 200);
});

const plain = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#777' } })
    .png()
    .toBuffer();

const waiting = { signal: AbortSignal.any([]) };
const prefix = 'data:image/png;base64,';

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** The picture of an answer, which is as large as the answer says. */
async function pixelsOf(image: Uint8Array, params?: ParamsGiven): Promise<Pixels> {
  const result = await cut(image, params);
  const png = Buffer.from(result.image.slice(prefix.length), 'base64');
  const { channels } = await sharp(png).metadata();
  // Left to itself sharp makes three channels of a grey one.
  const picture = channels === 1 ? sharp(png).extractChannel(0) : sharp(png);
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(channels);
  expect([info.width, info.height]).toEqual([result.width, result.height]);
  return { data, width: info.width, height: info.height, channels };
}

const channel = ({ data, channels }: Pixels, which: number): Buffer =>
  Buffer.from(data.filter((_, index) => index % channels === which));

/** Mean of a part of a mask, 0 to 255. */
function meanOf({ data, width }: Pixels, part: { left: number; top: number; side: number }): number {
  let sum = 0;
  for (let row = part.top; row < part.top + part.side; row += 1)
    for (let column = part.left; column < part.left + part.side; column += 1) sum += data[row * width + column] ?? NaN;
  return sum / part.side ** 2;
}

/** Comparing thousands of values one by one would take the test seconds. */
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

describe('a mask', () => {
  test('is white on the person and black beside her', async () => {
    const mask = await pixelsOf(sample);
    expect([mask.width, mask.height, mask.channels]).toEqual([512, 512, 1]);
    expect(meanOf(mask, { left: 190, top: 80, side: 70 })).toBeGreaterThan(250);
    expect(meanOf(mask, { left: 120, top: 300, side: 100 })).toBeGreaterThan(250);
    expect(meanOf(mask, { left: 0, top: 0, side: 100 })).toBeLessThan(3);
    expect(meanOf(mask, { left: 400, top: 0, side: 112 })).toBeLessThan(3);
  });

  test('of a picture without people is black', async () => {
    const mask = await pixelsOf(blank);
    expect(mask.data.reduce((sum, value) => sum + value, 0) / mask.data.length).toBeLessThan(3);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is the same whatever EXIF orientation the file has: %i', async (orientation) => {
    const upright = await sharp(sample).extract({ left: 0, top: 0, width: 512, height: 400 }).png().toBuffer();
    // What turns back is the orientation itself, but for 6 and 8, which turn each other back.
    const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
    const turned = await sharp(await sharp(upright).withMetadata({ orientation: back }).png().toBuffer())
      .autoOrient()
      .png()
      .toBuffer();
    const stored = await sharp(turned).withMetadata({ orientation }).png().toBuffer();
    const [expected, found] = [await pixelsOf(upright), await pixelsOf(stored)];
    expect([found.width, found.height]).toEqual([512, 400]);
    expect(same(found.data, expected.data)).toBe(true);
  });

  test('has the size of a picture that was worked on smaller', async () => {
    const large = await pixelsOf(await sharp(sample).resize(2000, 1500, { fit: 'fill' }).jpeg().toBuffer());
    expect([large.width, large.height]).toEqual([2000, 1500]);
    expect(meanOf(large, { left: 800, top: 280, side: 120 })).toBeGreaterThan(250);
    expect(meanOf(large, { left: 0, top: 0, side: 300 })).toBeLessThan(3);
  });

  test.each([
    [1, 1],
    [1, 900],
    [4_000, 2],
    [3, 7],
  ])('is made of a picture of %i × %i pixels', async (width, height) => {
    const mask = await pixelsOf(await plain(width, height));
    expect([mask.width, mask.height]).toEqual([width, height]);
  });

  test.each([
    ['16-bit', () => sharp(sample).toColourspace('rgb16').png()],
    ['CMYK', () => sharp(sample).toColourspace('cmyk').jpeg()],
    ['grey', () => sharp(sample).greyscale().png()],
    ['palette', () => sharp(sample).png({ palette: true })],
  ])('is made of %s pictures', async (_, file) => {
    const mask = await pixelsOf(await file().toBuffer());
    expect(meanOf(mask, { left: 190, top: 80, side: 70 })).toBeGreaterThan(245);
    expect(meanOf(mask, { left: 400, top: 0, side: 112 })).toBeLessThan(10);
  });

  test('is made of a JPEG that lacks its last marker', async () => {
    const jpeg = await sharp(sample).jpeg().toBuffer();
    expect(same((await pixelsOf(jpeg.subarray(0, -2))).data, (await pixelsOf(jpeg)).data)).toBe(true);
  });
});

test('pages that are not looked at are warned of', async () => {
  const one = await sharp(sample).png().toBuffer();
  const other = await sharp(sample).negate({ alpha: false }).png().toBuffer();
  const pages = await sharp([one, other], { join: { animated: true } })
    .webp()
    .toBuffer();
  expect((await cut(pages)).warnings).toMatchObject([{ code: 'firstPage' }]);
  expect((await cut(one)).warnings).toEqual([]);
});

describe('a cut-out', () => {
  const cutout = { output: 'cutout' } as const;

  test('has the mask as its transparency, and nothing of what is not seen', async () => {
    const [mask, picture] = [await pixelsOf(sample), await pixelsOf(sample, cutout)];
    expect(picture.channels).toBe(4);
    expect(same(channel(picture, 3), mask.data)).toBe(true);
    const hidden = [0, 1, 2].map((which) =>
      channel(picture, which).reduce((sum, value, index) => sum + (mask.data[index] === 0 ? value : 0), 0),
    );
    expect(hidden).toEqual([0, 0, 0]);
  });

  test('keeps the colours of the person', async () => {
    const original = await sharp(sample).removeAlpha().raw().toBuffer();
    const picture = await pixelsOf(sample, cutout);
    const opaque = [...channel(picture, 3).entries()].filter(([, alpha]) => alpha === 255).map(([index]) => index);
    expect(opaque.length).toBeGreaterThan(100_000);
    const changed = opaque.filter((index) =>
      [0, 1, 2].some((which) => picture.data[4 * index + which] !== original[3 * index + which]),
    );
    expect(changed).toEqual([]);
  });

  test('is nowhere more opaque than its original', async () => {
    const half = await sharp(sample).ensureAlpha(0.5).png().toBuffer();
    const alpha = channel(await pixelsOf(half, cutout), 3);
    expect(alpha.reduce((most, value) => Math.max(most, value), 0)).toBe(127);
    expect(same(alpha, (await pixelsOf(half)).data)).toBe(true);
  });
});

describe('a batch', () => {
  test('has one result for each input in their order, failures included', async () => {
    const inputs = [inputOf(sample), inputOf(Buffer.from('no image')), inputOf(blank, { output: 'cutout' })];
    const results = await loaded.run(inputs, waiting);
    expect(results).toMatchObject([{ width: 512 }, { code: 'BAD_INPUT' }, { width: 300, height: 200 }]);
  });

  test('refuses images over the limit on pixels', async () => {
    const small = await loadSegment({ maxImagePixels: 100 });
    expect(await small.run([inputOf(sample)], waiting)).toMatchObject([{ code: 'TOO_LARGE' }]);
  });

  test('stops between two pictures once no client waits', async () => {
    const leaving = new CancelAtFirstRun();
    const cancelled = await loadSegment({ createSession: leaving.createSession });
    const run = cancelled.run([inputOf(sample), inputOf(sample)], { signal: leaving.signal });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(leaving.runs).toBe(1);
  });

  test('is warmed up by a picture that it answers', async () => {
    expect((await loaded.run([await model.warmUp()], waiting)).some(isFailure)).toBe(false);
  });
});
