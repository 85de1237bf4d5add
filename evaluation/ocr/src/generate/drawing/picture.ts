import sharp, { type Sharp } from 'sharp';
import type { Sheet } from './sheet.ts';

/** Pixels of three channels, row after row, values of 0 to 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draws a sheet at so many pixels for each of its own. */
export const draw = (sheet: Sheet, scale = 1): Promise<Picture> =>
  pixels(sharp(Buffer.from(sheet.svg(scale))).flatten({ background: sheet.background }));

/** A picture as sharp takes it. */
export const open = ({ width, height, data }: Picture): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

/** What sharp makes of it. */
export async function pixels(image: Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A picture of one colour, given as six hexadecimal digits after a hash. */
export function flat({ width, height }: Pick<Picture, 'width' | 'height'>, color: string): Picture {
  const data = new Uint8Array(width * height * 3);
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  for (let index = 0; index < data.length; index += 1) data[index] = channels[index % 3]!;
  return { width, height, data };
}
