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
  const { mean, deviation } = normalisation;
  const [redScale, greenScale, blueScale] = [scale(deviation[0]), scale(deviation[1]), scale(deviation[2])];
  const [redOffset, greenOffset, blueOffset] = [
    -mean[0] / deviation[0],
    -mean[1] / deviation[1],
    -mean[2] / deviation[2],
  ];
  const plane = height * paddedWidth;
  const planes = new Float32Array(3 * plane);
  for (let row = 0, from = 0; row < height; row += 1) {
    const start = row * paddedWidth;
    for (let to = start; to < start + width; to += 1, from += 3) {
      planes[to] = data[from]! * redScale + redOffset;
      planes[to + plane] = data[from + 1]! * greenScale + greenOffset;
      planes[to + 2 * plane] = data[from + 2]! * blueScale + blueOffset;
    }
  }
  return planes;
}

const scale = (deviation: number): number => 1 / (255 * deviation);
