import { open, type Picture, pixels } from './picture.ts';

type Effect = (picture: Picture) => Picture;

/** Adds the same normally distributed noise to the channels of a pixel, in values of 0 to 255. */
export const noise = (deviation: number, seed: number): Effect => {
  const normal = normalNumbers(seed);
  return (picture) =>
    eachPixel(picture, () => {
      const offset = deviation * normal();
      return (value) => value + offset;
    });
};

/** Makes a share of the pixels black or white. */
export const specks = (share: number, seed: number): Effect => {
  const random = randomNumbers(seed);
  return (picture) =>
    eachPixel(picture, () => {
      if (random() >= share) return (value) => value;
      const speck = random() < 0.5 ? 30 : 240;
      return () => speck;
    });
};

/** Squeezes black to white into darkest to lightest. */
export const contrast =
  (darkest: number, lightest: number): Effect =>
  (picture) =>
    eachPixel(picture, () => (value) => darkest + (value / 255) * (lightest - darkest));

/** Light that is full at one point, given in shares of width and height, and falls to `least` at the farthest corner. */
export const lamp =
  (x: number, y: number, least: number): Effect =>
  (picture) => {
    const { width, height } = picture;
    const farthest = Math.hypot(Math.max(x, 1 - x) * width, Math.max(y, 1 - y) * height);
    return eachPixel(picture, (column, row) => {
      const distance = Math.hypot(column - x * width, row - y * height) / farthest;
      const light = 1 - (1 - least) * distance ** 1.5;
      return (value) => value * light;
    });
  };

/** A soft-edged shadow over everything right of a slanting line through a share of the width. */
export const shadow =
  (x: number, darkness: number): Effect =>
  (picture) =>
    eachPixel(picture, (column, row) => {
      const edge = (column - x * picture.width - 0.3 * (row - picture.height / 2)) / 25;
      const light = 1 - darkness / (1 + Math.exp(-edge));
      return (value) => value * light;
    });

function eachPixel(
  { width, height, data }: Picture,
  at: (column: number, row: number) => (value: number) => number,
): Picture {
  const changed = new Uint8ClampedArray(data.length);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const change = at(pixel % width, Math.floor(pixel / width));
    for (let index = pixel * 3; index < pixel * 3 + 3; index += 1) changed[index] = change(data[index]!);
  }
  return { width, height, data: new Uint8Array(changed.buffer) };
}

/** Out of focus: a Gaussian with this standard deviation in pixels. */
export const blur =
  (deviation: number) =>
  (picture: Picture): Promise<Picture> =>
    pixels(open(picture).blur(deviation));

/** Moved sideways while the picture was taken, by so many pixels. */
export const smear =
  (length: number) =>
  (picture: Picture): Promise<Picture> =>
    pixels(
      open(picture).convolve({
        width: length,
        height: 3,
        kernel: [...zeros(length), ...ones(length), ...zeros(length)],
      }),
    );

const zeros = (length: number): number[] => Array.from({ length }, () => 0);
const ones = (length: number): number[] => Array.from({ length }, () => 1);

/** Numbers from 0 up to 1, the same for the same seed: the mulberry32 generator. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers around 0 with a standard deviation of 1, by Box and Muller. */
export function normalNumbers(seed: number): () => number {
  const random = randomNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
