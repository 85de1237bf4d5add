import type { RgbImage } from './rgb-image.ts';

/** Mean and standard deviation of each channel, in values scaled to 0…1. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/**
 * Interleaved pixels as the normalised planes of a convolutional net: `float32[3, height, width]` in red, green, blue
 * order, each value `(pixel / 255 - mean) / deviation`. Columns from the image's width up to `paddedWidth` are 0.
 */
export function channelPlanes(image: RgbImage, normalisation: Normalisation, paddedWidth = image.width): Float32Array {
  const { data, width, height } = image;
  const planes = new Float32Array(3 * height * paddedWidth);
  for (let channel = 0; channel < 3; channel += 1) {
    const values = normalisedValues(normalisation.mean[channel]!, normalisation.deviation[channel]!);
    for (let row = 0; row < height; row += 1) {
      let from = 3 * row * width + channel;
      let to = (channel * height + row) * paddedWidth;
      for (const end = to + width; to < end; to += 1, from += 3) planes[to] = values[data[from]!]!;
    }
  }
  return planes;
}

/** The normalised value of each of the 256 values of a byte. */
const normalisedValues = (mean: number, deviation: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean) / deviation);
