import { sharp } from '../media/image-library.ts';
import type { RgbImage } from '../media/rgb-image.ts';
import type { Size } from '../media/working-size.ts';

/** An 8-bit grey PNG. */
export const maskPng = (mask: Uint8Array, { width, height }: Size): Promise<Buffer> =>
  sharp(mask, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace('b-w')
    .png({ compressionLevel: 6 })
    .toBuffer();

export const cutoutPng = (image: RgbImage, mask: Uint8Array): Promise<Buffer> =>
  sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 }, limitInputPixels: false })
    .joinChannel(Buffer.from(mask.buffer, mask.byteOffset, mask.byteLength), { raw: { width: image.width, height: image.height, channels: 1 }, limitInputPixels: false })
    .png({ compressionLevel: Number(process.env['LEVEL'] ?? 6), adaptiveFiltering: process.env['ADAPT'] === '1' })
    .toBuffer();
