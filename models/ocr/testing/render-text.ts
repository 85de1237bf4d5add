import { sharp } from '@portico/media';
import { fonts } from './fonts.ts';

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
