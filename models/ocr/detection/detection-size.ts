export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Detection scales its input by 32, so both sides must be multiples of it. */
export const stride = 32;

/**
 * Smaller images are enlarged until their shorter side has this many pixels (PaddleOCR's `limit_type: min`). With its 736
 * text is found no better, in print of 8 to 48 pixels, and a third of detection's time is gone; with 480 some is lost.
 */
const minShorterSide = 544;

/** Detection's memory grows by some 200 bytes a pixel, and 600 MB are enough for one page. */
const maxPixels = 3e6;

/**
 * The size at which detection looks at an image: enlarged until the shorter side has 544 pixels, then reduced until
 * the longer has at most `maxSideLength` (at least 32) and both at most 3 megapixels; both sides are rounded to multiples of 32.
 */
export function detectionSize({ width, height }: ImageSize, maxSideLength: number): ImageSize {
  const enlarged = Math.max(1, minShorterSide / Math.min(width, height));
  const scale = Math.min(enlarged, maxSideLength / Math.max(width, height), Math.sqrt(maxPixels / (width * height)));
  const longest = Math.floor(maxSideLength / stride) * stride;
  const rounded = (side: number): number =>
    Math.min(longest, Math.max(stride, Math.round((side * scale) / stride) * stride));
  return { width: rounded(width), height: rounded(height) };
}
