import {
  missesEndOfImage,
  refuseLargeImage,
  type RgbImage,
  sharp,
  uprightPixels,
  withEndOfImage,
} from '@portico/media';

/** The upright original in full, in sRGB. */
export interface Original extends RgbImage {
  /** How opaque each pixel is, 0 to 255; undefined where the file has no transparency. */
  readonly opacity: Uint8Array | undefined;
}

/**
 * Decodes a file that `decodeImage` could decode, with all its pixels and its transparency.
 *
 * @throws {Failure} `TOO_LARGE` when its kind of file does not decode in full within memory.
 */
export async function decodeOriginal(file: Uint8Array, maxPixels: number): Promise<Original> {
  try {
    return await decode(file, maxPixels);
  } catch (error) {
    if (missesEndOfImage(error)) return await decode(withEndOfImage(file), maxPixels);
    throw error;
  }
}

async function decode(file: Uint8Array, maxPixels: number): Promise<Original> {
  const decoder = sharp(file, { failOn: 'error', limitInputPixels: false });
  const metadata = await decoder.metadata();
  refuseLargeImage(metadata, maxPixels, maxPixels);
  const { data, info } = await uprightPixels(decoder, metadata);
  const { width, height, channels } = info;
  return channels === 3 ? { data, width, height, opacity: undefined } : { ...separate(data, channels), width, height };
}

/** Colours and opacity each for themselves. The colours lie in the same memory: two copies of a large image may not fit. */
function separate(pixels: Uint8Array, channels: number): Pick<Original, 'data' | 'opacity'> {
  const opacity = new Uint8Array(pixels.length / channels);
  for (let pixel = 0, from = 0, to = 0; pixel < opacity.length; pixel += 1, from += channels, to += 3) {
    opacity[pixel] = pixels[from + 3]!;
    pixels.copyWithin(to, from, from + 3);
  }
  return { data: pixels.subarray(0, 3 * opacity.length), opacity };
}
