import { Failure } from '@portico/schemas';
import type { Metadata } from 'sharp';
import type { Size } from './rgb-image.ts';

/** Longer sides are reduced: OpenCV cuts nothing out of an image with a side of 32 767 pixels, and turning adds a little. */
const maxSide = 30_000;

/** Of an original in pixels. No JPEG is longer, and screenshots and panoramas end before. */
const maxOriginalSide = 65_535;
/**
 * How many times longer one side may be than the other. The longest screenshots have 60 times; in more than this no model sees
 * anything, and pictures one pixel wide take two hundred times as long to decode as others of their size.
 */
const maxAspect = 200;
/** In pixels. Rules and lines that are no longer may be as thin as they like: they cost nothing. */
const anyAspectSide = 4_096;

/**
 * Bytes that one decode may take beside the encoded file; libvips itself takes up to 35 MB more. An engine limited to
 * 768 MB needs up to 400 MB for its model, and so can afford this.
 */
export const decoderMemoryBytes = 320e6;

/**
 * The largest size of at most `workingPixels` pixels, and 30 000 a side, with the proportions of the original, no larger
 * than it and at least 1 × 1.
 */
export function workingSize({ width, height }: Size, workingPixels: number): Size {
  const scale = Math.min(Math.sqrt(workingPixels / (width * height)), maxSide / Math.max(width, height));
  if (scale >= 1) return { width, height };
  const side = (original: number, other: number): number =>
    // An image one pixel wide cannot become narrower, so it becomes shorter.
    Math.max(1, Math.floor(Math.min(original * scale, workingPixels / Math.max(1, Math.floor(other * scale)))));
  return { width: side(width, height), height: side(height, width) };
}

/**
 * Refuses an image by its header, before any pixel is decoded.
 *
 * @throws {Failure} `TOO_LARGE` when it has more than `maxPixels` pixels, a side of more than 65 535, one side over 200 times
 * as long as the other, or more pixels than its kind of file decodes within memory.
 */
export function refuseLargeImage(image: Metadata, maxPixels: number, workingPixels: number): void {
  const { width, height } = image;
  const pixels = width * height;
  const size = `The image has ${width} × ${height} pixels (${megapixels(pixels)} megapixels)`;
  if (pixels > maxPixels) throw new Failure('TOO_LARGE', `${size}; the limit is ${megapixels(maxPixels)} megapixels.`);
  const [longer, shorter] = [Math.max(width, height), Math.min(width, height)];
  if (longer > maxOriginalSide || (longer > anyAspectSide && longer > maxAspect * shorter)) {
    throw new Failure(
      'TOO_LARGE',
      `${size}; the longer side may have at most ${maxOriginalSide} pixels and be at most ${maxAspect} times as long as the other. Cut it into pieces.`,
    );
  }
  const decodable = decodablePixels(image, workingPixels);
  if (pixels > decodable) {
    throw new Failure(
      'TOO_LARGE',
      `${size}; the limit for ${kindOf(image)} is ${megapixels(decodable)} megapixels, since decoding it needs much memory. ${adviceFor(image)}`,
    );
  }
}

/** @throws {Failure} `TOO_LARGE` when the tiles that an image is put together from have more than `maxPixels` pixels. */
export function refuseManyTiles(pixels: number, maxPixels: number): void {
  if (pixels <= maxPixels) return;
  throw new Failure(
    'TOO_LARGE',
    `The tiles of the AVIF have ${megapixels(pixels)} megapixels; the limit is ${megapixels(maxPixels)} megapixels. Send it smaller or as a JPEG.`,
  );
}

/** Pixels of the largest original that decodes within `decoderMemoryBytes`. */
export function decodablePixels(image: Metadata, workingPixels: number): number {
  const held = heldBytesPerPixel(image);
  const output = outputBytesPerPixel(image);
  const whole = decoderMemoryBytes / (held + output);
  if (whole <= workingPixels) return Math.floor(whole);
  return Math.max(workingPixels, Math.floor((decoderMemoryBytes - output * workingPixels) / held));
}

/**
 * Bytes for each pixel of the original that the decoder holds until the last row, however small the result: 0 where rows
 * stream through it. Measured as peak RSS with 12, 24 and 50 megapixels, sharp 0.35, libvips 8.18.
 */
function heldBytesPerPixel({ format, isProgressive, channels, depth, chromaSubsampling }: Metadata): number {
  const sampleBytes = depth === 'uchar' ? 1 : 2;
  // libaom's frames and libheif's conversions: 14 to 17, with 10 and 12 bits 22 to 23, whatever the subsampling.
  if (format === 'heif') return sampleBytes === 1 ? 17 : 23;
  // The canvas, and libwebp's pixels when lossless; lossy files need less, but the header does not distinguish them.
  if (format === 'gif' || format === 'webp') return 4;
  if (!isProgressive) return 0;
  // Every coefficient of all scans in 16 bits; two of three or four channels may have a quarter of them.
  if (format === 'jpeg') return 2 * (chromaSubsampling === '4:2:0' ? channels - 1.5 : channels);
  // An interlaced PNG, whose last pass touches every row.
  return channels * sampleBytes;
}

/** Bytes for each pixel that is worked on: the result, and another copy where it must be turned or leaves the decoder whole. */
function outputBytesPerPixel({ format, hasAlpha, orientation = 1 }: Metadata): number {
  return (hasAlpha ? 4 : 3) * (orientation > 1 || format === 'webp' ? 2 : 1);
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
