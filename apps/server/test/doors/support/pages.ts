import sharp from 'sharp';
import { renderText } from '@portico/models/ocr/testing/render-text';

export const pageText = 'Hello doors 123';

/** A PNG with one line of text that every reading must get right. */
export const page = (text = pageText): Promise<Buffer> => renderText(text, { size: 32 });

export const pageAs = async (format: 'jpeg' | 'tiff' | 'webp' | 'gif' | 'avif'): Promise<Buffer> =>
  sharp(await page())
    .toFormat(format, { quality: 90 })
    .toBuffer();

/** A white PNG with a given number of pixels a side: cheap to make, to send and to refuse. */
export const blank = (width: number, height = width): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'white' } })
    .png()
    .toBuffer();

/** The same picture in a file of exactly this size: decoders ignore what follows the end of a PNG. */
export const padded = (png: Uint8Array, bytes: number): Buffer =>
  Buffer.concat([png, Buffer.alloc(bytes - png.length)], bytes);

export const mebibyte = 1024 * 1024;
