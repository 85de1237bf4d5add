import { open, type Picture, pixels } from '../drawing/picture.ts';

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
