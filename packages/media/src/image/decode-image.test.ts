import { Failure } from '@portico/schemas';
import { describe, expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { sharp } from './sharp.ts';

const limit = { maxPixels: 1e6 };
const red = { r: 250, g: 20, b: 30 };
const plain = () => sharp({ create: { width: 64, height: 48, channels: 3, background: red } });
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
);

/** Per orientation, the sides of the upright picture where the first stored row and the first stored column lie (EXIF 2.32, tag 274). */
const storedSides = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
} as const;

/** A picture in which every pixel has a colour of its own, as a camera stores it with this orientation. */
async function storedWith(orientation: keyof typeof storedSides): Promise<Buffer> {
  const sides = storedSides[orientation];
  const [width, height] = orientation < 5 ? [upright.width, upright.height] : [upright.height, upright.width];
  const pixels = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let [x, y] = [0, 0];
      for (const [side, distance] of [
        [sides[0], row],
        [sides[1], column],
      ] as const) {
        if (side === 'left') x = distance;
        if (side === 'right') x = upright.width - 1 - distance;
        if (side === 'top') y = distance;
        if (side === 'bottom') y = upright.height - 1 - distance;
      }
      const from = 3 * (y * upright.width + x);
      pixels.set(upright.data.subarray(from, from + 3), 3 * (row * width + column));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
}

const upright = { data: Buffer.from(Array.from({ length: 3 * 8 * 5 }, (_, index) => index)), width: 8, height: 5 };

describe('decodeImage', () => {
  test.each([
    ['JPEG', () => plain().jpeg()],
    ['progressive JPEG', () => plain().jpeg({ progressive: true })],
    ['PNG', () => plain().png()],
    ['palette PNG', () => plain().png({ palette: true })],
    ['16-bit PNG', () => plain().toColourspace('rgb16').png()],
    ['WebP', () => plain().webp()],
    ['TIFF', () => plain().tiff()],
    ['LZW TIFF', () => plain().tiff({ compression: 'lzw' })],
    ['GIF', () => plain().gif()],
    ['AVIF', () => plain().avif()],
    ['10-bit AVIF', () => plain().avif({ bitdepth: 10 })],
    ['CMYK JPEG', () => plain().toColourspace('cmyk').jpeg()],
  ])('reads a %s as 8-bit RGB', async (_, encode) => {
    const image = await decodeImage(await encode().toBuffer(), limit);
    expect([image.width, image.height, image.data.length]).toEqual([64, 48, 3 * 64 * 48]);
    expect(difference(image.data, [red.r, red.g, red.b])).toBeLessThanOrEqual(40);
  });

  test.each([
    ['8-bit', 'b-w'],
    ['16-bit', 'grey16'],
  ])('reads an %s grey image as RGB', async (_, space) => {
    const image = await decodeImage(await plain().greyscale().toColourspace(space).png().toBuffer(), limit);
    expect(image.data.length).toBe(3 * 64 * 48);
    const [r, g, b] = image.data;
    expect([g, b]).toEqual([r, r]);
  });

  test('reads a grey image with transparency as RGB', async () => {
    const grey = sharp(new Uint8Array(2 * 4 * 4), { raw: { width: 4, height: 4, channels: 2 } });
    const image = await decodeImage(await grey.toColourspace('b-w').png().toBuffer(), limit);
    expect(difference(image.data, [255, 255, 255])).toBe(0);
    expect(image.data.length).toBe(3 * 4 * 4);
  });

  test('reads a 1-bit image as black and white', async () => {
    const bits = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
      .toColourspace('b-w')
      .tiff({ bitdepth: 1 })
      .toBuffer();
    expect(difference((await decodeImage(bits, limit)).data, [255, 255, 255])).toBeLessThanOrEqual(0);
  });

  test('ignores a fifth channel', async () => {
    const extra = await plain().extractChannel(0).png().toBuffer();
    const file = await plain().joinChannel([extra, extra]).tiff({ compression: 'none' }).toBuffer();
    expect((await sharp(file).metadata()).channels).toBe(5);
    expect((await decodeImage(file, limit)).data.length).toBe(3 * 64 * 48);
  });

  test('reads the first page only', async () => {
    const pages = await sharp([await plain().png().toBuffer(), await plain().negate().png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer();
    expect((await sharp(pages).metadata()).pages).toBe(2);
    const image = await decodeImage(pages, limit);
    expect(image.height).toBe(48);
    expect(difference(image.data, [red.r, red.g, red.b])).toBeLessThanOrEqual(16);
  });

  test('lays transparency on a background that contrasts with the content', async () => {
    const ghost = (background: string) =>
      sharp({ create: { width: 8, height: 8, channels: 4, background: '#0000' } })
        .composite([{ input: { create: { width: 2, height: 2, channels: 4, background } }, left: 0, top: 0 }])
        .png()
        .toBuffer();
    const corner = async (background: string) =>
      Array.from((await decodeImage(await ghost(background), limit)).data.slice(-3));
    expect(await corner('white')).toEqual([0, 0, 0]);
    expect(await corner('black')).toEqual([255, 255, 255]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('turns EXIF orientation %i upright', async (orientation) => {
    expect(await decodeImage(await storedWith(orientation), limit)).toEqual({
      ...upright,
      original: { width: upright.width, height: upright.height },
    });
  });

  test('goes by the content, whatever the file is called', async () => {
    await expect(decodeImage(await plain().jpeg().toBuffer(), limit)).resolves.toMatchObject({ width: 64 });
  });

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('This is no picture.')],
    ['an SVG', svg],
    ['an SVG with an XML declaration', Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), svg])],
    ['a PDF', Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n')],
    ['a PPM', Buffer.from('P6 1 1 255\nabc')],
    ['the signature of a PNG alone', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('refuses %s as BAD_INPUT', async (_, file) => {
    await expect(decodeImage(file, limit)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('JPEG, PNG, WebP, TIFF, GIF or AVIF'),
    });
  });

  test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)(
    'refuses a %s cut short as BAD_INPUT',
    async (format) => {
      const noise = sharp({
        create: {
          width: 200,
          height: 150,
          channels: 3,
          noise: { type: 'gaussian', mean: 128, sigma: 30 },
          background: red,
        },
      });
      const file = await noise.toFormat(format).toBuffer();
      await expect(decodeImage(file, limit)).resolves.toMatchObject({ width: 200 });
      await expect(decodeImage(file.subarray(0, file.length / 2), limit)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  test('refuses more pixels than allowed, before it decodes them', async () => {
    const file = await sharp({ create: { width: 5000, height: 3000, channels: 3, background: red } })
      .png()
      .toBuffer();
    const header = file.subarray(0, 100);
    await expect(decodeImage(header, { maxPixels: 12e6 })).rejects.toThrowError(
      new Failure('TOO_LARGE', 'The image has 5000 × 3000 pixels (15 megapixels); the limit is 12 megapixels.'),
    );
    await expect(decodeImage(header, { maxPixels: 12e6 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('accepts exactly the limit', async () => {
    await expect(decodeImage(await plain().png().toBuffer(), { maxPixels: 64 * 48 })).resolves.toMatchObject({
      width: 64,
    });
    await expect(decodeImage(await plain().png().toBuffer(), { maxPixels: 64 * 48 - 1 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

/** The largest difference of any value from that of the colour. */
const difference = (data: Uint8Array, colour: readonly number[]): number =>
  data.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (colour[index % 3] ?? NaN))), 0);
