import { Failure } from '@portico/schemas';
import type { Metadata } from 'sharp';
import { decodablePixels } from './decoder-memory.ts';

/**
 * Refuses an image by its header, before any pixel is decoded.
 *
 * @throws {Failure} `TOO_LARGE` when it has more than `maxPixels` pixels, or more than its kind of file decodes within memory.
 */
export function refuseLargeImage(image: Metadata, maxPixels: number, workingPixels: number): void {
  const { width, height } = image;
  const pixels = width * height;
  const size = `The image has ${width} × ${height} pixels (${megapixels(pixels)} megapixels)`;
  if (pixels > maxPixels) throw new Failure('TOO_LARGE', `${size}; the limit is ${megapixels(maxPixels)} megapixels.`);
  const decodable = decodablePixels(image, workingPixels);
  if (pixels > decodable)
    throw new Failure(
      'TOO_LARGE',
      `${size}; the limit for ${kindOf(image)} is ${megapixels(decodable)} megapixels, since decoding it needs much memory. ${adviceFor(image)}`,
    );
}

function kindOf({ format, isProgressive, bitsPerSample = 8 }: Metadata): string {
  const name = format === 'heif' ? 'AVIF' : format === 'webp' ? 'WebP' : format.toUpperCase();
  if (format === 'heif' && bitsPerSample > 8) return `${bitsPerSample}-bit AVIF`;
  if (!isProgressive) return name;
  return format === 'jpeg' ? 'progressive JPEG' : `interlaced ${name}`;
}

function adviceFor({ format, isProgressive }: Metadata): string {
  if (!isProgressive) return 'Send it smaller or as a JPEG.';
  return format === 'jpeg' ? 'Send it smaller or as a baseline JPEG.' : 'Send it smaller or without interlacing.';
}

const megapixels = (pixels: number): string => String(Number((pixels / 1e6).toPrecision(3)));
