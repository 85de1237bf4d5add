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
