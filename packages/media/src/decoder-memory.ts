import type { Metadata } from 'sharp';

/**
 * Bytes that one decode may take beside the encoded file; libvips itself takes up to 35 MB more. An engine under a limit
 * of 768 MB needs up to 400 MB for its model, and so can afford this.
 */
export const decoderMemory = 320e6;

/** The most pixels of an original that decodes within `decoderMemory`. */
export function decodablePixels(image: Metadata, workingPixels: number): number {
  const held = heldBytesPerPixel(image);
  const output = outputBytesPerPixel(image);
  const whole = decoderMemory / (held + output);
  if (whole <= workingPixels) return Math.floor(whole);
  return Math.max(workingPixels, Math.floor((decoderMemory - output * workingPixels) / held));
}

/**
 * Bytes for each pixel of the original that the decoder holds until the last row, however small the result: 0 where rows
 * stream through it. Measured as peak RSS with 12, 24 and 50 megapixels, sharp 0.35, libvips 8.18.
 */
function heldBytesPerPixel({ format, isProgressive, channels, depth, chromaSubsampling }: Metadata): number {
  const sampleBytes = depth === 'uchar' ? 1 : 2;
  // libaom's frames and libheif's conversions: 14 to 17, with 10 and 12 bits 22 to 23, whatever the subsampling.
  if (format === 'heif') return sampleBytes === 1 ? 17 : 23;
  // The canvas, and libwebp's pixels when lossless: the header does not tell lossy files, which need less.
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
