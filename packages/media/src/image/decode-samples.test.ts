import { describe, expect, test } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { sharp } from './sharp.ts';
import { tiffFile, type TiffPage } from '../testing/tiff-file.ts';

const options = { maxPixels: 1e6 };
const colour = { r: 250, g: 20, b: 30 };
const plain = () => sharp({ create: { width: 16, height: 8, channels: 3, background: colour } });
const pixels = async (file: Uint8Array): Promise<readonly number[]> => [...(await decodeImage(file, options)).data];
const first = async (file: Uint8Array): Promise<readonly number[]> => (await pixels(file)).slice(0, 3);
const rgb = (...greys: readonly number[]): readonly number[] => greys.flatMap((grey) => [grey, grey, grey]);
const tiff = (width: number, page: Omit<TiffPage, 'width' | 'height'>): Buffer =>
  tiffFile({ ...page, width, height: 1 });
const bytes = (hexadecimal: string): Buffer => Buffer.from(hexadecimal, 'hex');
const floats = (...values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const [white, black, red, cyanInk] = [0, 1, [255, 0, 0], 5] as const;

describe('samples of a TIFF', () => {
  test.each([
    ['1-bit, white is 1', black, 1, 'f0', [255, 255, 255, 255, 0, 0, 0, 0]],
    ['1-bit, white is 0', white, 1, 'f0', [0, 0, 0, 0, 255, 255, 255, 255]],
    ['2-bit', black, 2, 'e4', [255, 170, 85, 0]],
    ['4-bit', black, 4, 'f084', [255, 0, 136, 68]],
    ['4-bit, white is 0', white, 4, 'f084', [0, 255, 119, 187]],
    ['8-bit, white is 0', white, 8, 'ff00', [0, 255]],
    ['16-bit', black, 16, 'ffff0080', [255, 128]],
    ['16-bit, white is 0', white, 16, 'ffff0000', [0, 255]],
  ])('grey, %s', async (_, photometric, bits, hexadecimal, greys) => {
    const file = tiff(greys.length, { photometric, bitsPerSample: [bits], pixels: bytes(hexadecimal) });
    expect(await pixels(file)).toEqual(rgb(...greys));
  });

  test('16-bit RGB', async () => {
    const file = tiff(2, { photometric: 2, bitsPerSample: [16, 16, 16], pixels: bytes('ffff000000000080ffff0000') });
    expect(await pixels(file)).toEqual([...red, 128, 255, 0]);
  });

  test('a palette', async () => {
    const channel = (...values: readonly number[]): readonly number[] => [...values, ...Array<number>(14).fill(0)];
    const colourMap = [...channel(65_535, 0), ...channel(0, 65_535), ...channel(0, 0x8080)];
    const file = tiff(2, { photometric: 3, bitsPerSample: [4], colourMap, pixels: bytes('01') });
    expect(await pixels(file)).toEqual([...red, 0, 255, 128]);
  });

  test('grey with transparency', async () => {
    const file = tiff(2, { photometric: black, bitsPerSample: [8, 8], extraSamples: 2, pixels: bytes('0aff0a00') });
    expect(await pixels(file)).toEqual(rgb(10, 255));
  });

  test('premultiplied transparency', async () => {
    const file = tiff(2, {
      photometric: 2,
      bitsPerSample: [8, 8, 8, 8],
      extraSamples: 1,
      pixels: bytes('64000080000000ff'),
    });
    expect(await pixels(file)).toEqual([227, 127, 127, 0, 0, 0]);
  });

  test('ink, by a profile', async () => {
    const file = tiff(3, {
      photometric: cyanInk,
      bitsPerSample: [8, 8, 8, 8],
      pixels: bytes('00ffff0000000000ffffffff'),
    });
    const decoded = await pixels(file);
    expect(distance(decoded, [232, 0, 0])).toBeLessThan(15);
    expect(decoded.slice(3, 6)).toEqual(rgb(255));
    expect(Math.max(...decoded.slice(6))).toBeLessThan(40);
  });

  test('floating-point RGB is linear light from 0 to 1', async () => {
    const file = tiff(2, {
      photometric: 2,
      bitsPerSample: [32, 32, 32],
      sampleFormat: 3,
      pixels: floats(1, 1, 1, 0, 0.5, 0),
    });
    expect(await pixels(file)).toEqual([...rgb(255), 0, 188, 0]);
  });

  test.each([
    ['floating-point', 3, floats(1, 0.25)],
    ['32-bit', 1, bytes('ffffffff00000080')],
  ])('%s grey is refused, since nothing says what white is', async (_, sampleFormat, samples) => {
    const file = tiff(2, { photometric: black, bitsPerSample: [32], sampleFormat, pixels: samples });
    await expect(decodeImage(file, options)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('save it with 8 or 16 bits'),
    });
  });

  test('Lab', async () => {
    expect(await first(await plain().toColourspace('lab').tiff({ compression: 'none' }).toBuffer())).toEqual([
      250, 20, 30,
    ]);
  });

  test.each([true, false])('a fax (CCITT Group 4), white is 0: %s', async (miniswhite) => {
    const page = await sharp({ create: { width: 64, height: 16, channels: 3, background: 'white' } })
      .composite([{ input: { create: { width: 32, height: 16, channels: 3, background: 'black' } }, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const fax = sharp(page)
      .extractChannel(0)
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1, miniswhite });
    expect((await pixels(await fax.toBuffer())).slice(93, 99)).toEqual(rgb(0, 255));
  });
});

describe('colour', () => {
  test.each([
    ['a JPEG', () => plain().withIccProfile('p3').jpeg({ quality: 100 })],
    ['a PNG', () => plain().withIccProfile('p3').png()],
    ['a 16-bit PNG', () => plain().toColourspace('rgb16').withIccProfile('p3').png()],
  ])('of a wide-gamut profile in %s becomes sRGB', async (_, encode) => {
    expect(distance(await first(await encode().toBuffer()), [250, 20, 30])).toBeLessThanOrEqual(2);
  });

  test('of ink that Adobe stores inverted is right', async () => {
    const file = await plain().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect(file.includes('Adobe')).toBe(true);
    expect(distance(await first(file), [250, 20, 30])).toBeLessThan(35);
  });
});

describe('a palette PNG', () => {
  test.each([2, 4, 16])('of %i colours', async (colours) => {
    const file = await plain().png({ palette: true, colours }).toBuffer();
    expect(await first(file)).toEqual([250, 20, 30]);
  });

  test('with transparent entries', async () => {
    const clear = sharp({ create: { width: 8, height: 8, channels: 4, background: '#f000' } })
      .composite([{ input: { create: { width: 4, height: 4, channels: 4, background: 'navy' } }, left: 0, top: 0 }])
      .png({ palette: true });
    const decoded = await pixels(await clear.toBuffer());
    expect([decoded.slice(0, 3), decoded.slice(-3)]).toEqual([[0, 0, 128], rgb(255)]);
  });
});

describe('only the first is read', () => {
  const pages = async (): Promise<ReturnType<typeof sharp>> =>
    sharp([await plain().png().toBuffer(), await plain().negate().png().toBuffer()], { join: { animated: true } });

  test.each([
    ['frame of a GIF', async () => (await pages()).gif()],
    ['frame of a WebP', async () => (await pages()).webp({ lossless: true })],
    ['page of a TIFF', async () => (await pages()).tiff({ compression: 'lzw' })],
  ])('%s, and only it counts for the limit', async (_, encode) => {
    const file = await (await encode()).toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    const image = await decodeImage(file, { maxPixels: 16 * 8 });
    expect([image.width, image.height, ...image.data.subarray(0, 3)]).toEqual([16, 8, 250, 20, 30]);
  });
});

/** The largest difference of the first pixel from the colour, in any channel. */
const distance = (values: readonly number[], expected: readonly number[]): number =>
  Math.max(...expected.map((value, index) => Math.abs(value - (values[index] ?? NaN))));
