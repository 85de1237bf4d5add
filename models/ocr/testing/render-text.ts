import { createRequire } from 'node:module';
import { sharp } from '@portico/media/image';

const { resolve } = createRequire(import.meta.url);

/** Fonts that tests draw text with, so that it depends on none of the system. */
const fonts = {
  latin: { family: 'DejaVu Sans', file: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf') },
  chinese: {
    family: 'ZCOOL XiaoWei',
    file: resolve('@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf'),
  },
} as const;

export interface RenderOptions {
  /** Font size in pixels. */
  readonly size: number;
  /** Standard deviation of the noise added to each channel, in values of 0 to 255. */
  readonly noise?: number;
  readonly font?: keyof typeof fonts;
}

/** A PNG of black text on white with a margin, one line of text a row. It depends on no font of the system. */
export async function renderText(text: string, { size, noise = 0, font = 'latin' }: RenderOptions): Promise<Buffer> {
  const { family, file } = fonts[font];
  const rendered = await sharp({
    text: { text: escapeMarkup(text), font: `${family} ${size}`, fontfile: file, dpi: 72, rgba: true },
  })
    .png()
    .toBuffer();
  const { data, info } = await sharp(rendered)
    .flatten({ background: 'white' })
    .extend({ top: 2 * size, bottom: 2 * size, left: 2 * size, right: 2 * size, background: 'white' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (noise > 0) addNoise(data, noise);
  return sharp(data, { raw: info }).png().toBuffer();
}

/** A PNG of Chinese in columns, the first of them on the right, characters of so many pixels one below the other. */
export async function renderColumns(columns: readonly string[], size: number): Promise<Buffer> {
  const pitch = Math.round(1.15 * size);
  const between = 2 * size;
  const longest = Math.max(...columns.map((column) => column.length));
  const [width, height] = [columns.length * between + 2 * size, longest * pitch + 4 * size];
  const characters = columns.flatMap((column, index) =>
    Array.from(column, async (character, row) => ({
      input: await sharp(await renderText(character, { size, font: 'chinese' }))
        .trim()
        .toBuffer({ resolveWithObject: true }),
      middle: width - size - (index + 0.5) * between,
      top: 2 * size + row * pitch,
    })),
  );
  const placed = (await Promise.all(characters)).map(({ input: { data, info }, middle, top }) => ({
    input: data,
    left: Math.round(middle - info.width / 2),
    top: Math.round(top + (pitch - info.height) / 2),
  }));
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(placed)
    .png()
    .toBuffer();
}

const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Adds normally distributed noise, the same in every run. */
function addNoise(pixels: Buffer, deviation: number): void {
  const random = mulberry32(1);
  for (let index = 0; index < pixels.length; index += 1) {
    // Box–Muller
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    pixels[index] = Math.min(255, Math.max(0, Math.round(pixels[index]! + deviation * normal)));
  }
}

/** The mulberry32 generator: numbers from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
