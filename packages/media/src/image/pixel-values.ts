import type { RgbImage } from './rgb-image.ts';

/**
 * How a network was trained to see a pixel: `(pixel / 255 - mean) / deviation`, with one mean and one standard deviation each for
 * red, green and blue, in values scaled to 0…1.
 */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /**
   * The order in which the network takes the channels: `bgr` where it was trained with OpenCV or Caffe. `mean` and `deviation` are those
   * of red, green and blue all the same.
   *
   * @default 'rgb'
   */
  readonly channelOrder?: 'rgb' | 'bgr';
}

/** Pixels as they are: black is 0 and white is 255. */
export const byteValues: Normalisation = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] };

/** Black is 0 and white is 1. */
export const zeroToOne: Normalisation = { mean: [0, 0, 0], deviation: [1, 1, 1] };

/** Black is −1 and white is 1. */
export const minusOneToOne: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Mean and standard deviation of ImageNet's pictures, as torchvision's pretrained networks expect them. */
export const imageNet: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/**
 * The input of a network that takes channels first (NCHW, as PyTorch exports have it).
 *
 * @param paddedWidth columns of the result; those from the image's width on are 0. The image's width by default.
 * @returns `float32[3, height, paddedWidth]`: all red values row by row, then green, then blue; the other way round for `bgr`
 */
export function channelPlanes(image: RgbImage, normalisation: Normalisation, paddedWidth = image.width): Float32Array {
  const { data, width, height } = image;
  const [red, green, blue] = channelLines(normalisation);
  const plane = height * paddedWidth;
  const planes = new Float32Array(3 * plane);
  const { firstRed, firstBlue } = channelPlaces(normalisation, plane);
  for (let row = 0, from = 0; row < height; row += 1) {
    const start = row * paddedWidth;
    for (let to = start; to < start + width; to += 1, from += 3) {
      planes[to + firstRed] = data[from]! * red.scale + red.offset;
      planes[to + plane] = data[from + 1]! * green.scale + green.offset;
      planes[to + firstBlue] = data[from + 2]! * blue.scale + blue.offset;
    }
  }
  return planes;
}

/**
 * The input of a network that takes channels last (NHWC, as TensorFlow exports have it).
 *
 * @returns `float32[height, width, 3]`: red, green and blue of each pixel, row by row; the other way round for `bgr`
 */
export function interleavedValues({ data }: RgbImage, normalisation: Normalisation): Float32Array {
  const [red, green, blue] = channelLines(normalisation);
  const values = new Float32Array(data.length);
  const { firstRed, firstBlue } = channelPlaces(normalisation, 1);
  for (let at = 0; at < data.length; at += 3) {
    values[at + firstRed] = data[at]! * red.scale + red.offset;
    values[at + 1] = data[at + 1]! * green.scale + green.offset;
    values[at + firstBlue] = data[at + 2]! * blue.scale + blue.offset;
  }
  return values;
}

/**
 * The input of a network that sees grey: the brightness of each pixel as ITU-R BT.601 weighs red, green and blue, in whole steps as
 * Pillow and OpenCV make it. The first mean and deviation count.
 *
 * @returns `float32[height, width]`, row by row
 */
export function greyPlane({ data, width, height }: RgbImage, { mean, deviation }: Normalisation): Float32Array {
  const { scale, offset } = lineOf(mean[0], deviation[0]);
  const plane = new Float32Array(width * height);
  for (let to = 0, from = 0; to < plane.length; to += 1, from += 3) {
    // Weights in 65536ths.
    const brightness = (19_595 * data[from]! + 38_470 * data[from + 1]! + 7_471 * data[from + 2]! + 32_768) >> 16;
    plane[to] = brightness * scale + offset;
  }
  return plane;
}

/** Where red and blue begin; green lies between them. */
const channelPlaces = ({ channelOrder }: Normalisation, distance: number): { firstRed: number; firstBlue: number } =>
  channelOrder === 'bgr' ? { firstRed: 2 * distance, firstBlue: 0 } : { firstRed: 0, firstBlue: 2 * distance };

interface Line {
  readonly scale: number;
  readonly offset: number;
}

/** Normalising is `pixel * scale + offset`. */
const channelLines = ({ mean, deviation }: Normalisation): [Line, Line, Line] => [
  lineOf(mean[0], deviation[0]),
  lineOf(mean[1], deviation[1]),
  lineOf(mean[2], deviation[2]),
];

const lineOf = (mean: number, deviation: number): Line => ({ scale: 1 / (255 * deviation), offset: -mean / deviation });
