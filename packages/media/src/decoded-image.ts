import type { RgbImage } from './rgb-image.ts';

/** Pixels to work on, and how large the upright original is: `width` and `height` are smaller when it was decoded reduced. */
export interface DecodedImage extends RgbImage {
  readonly original: { readonly width: number; readonly height: number };
}
