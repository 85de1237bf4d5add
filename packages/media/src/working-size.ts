export interface Size {
  readonly width: number;
  readonly height: number;
}

/** OpenCV cuts nothing out of a picture with a side of 32 767 pixels or more; what is turned gets a little longer. */
const longestSide = 30_000;

/**
 * The largest size of at most `workingPixels` pixels, and 30 000 a side, with the proportions of the original, no larger
 * than it and at least 1 × 1.
 */
export function workingSize({ width, height }: Size, workingPixels: number): Size {
  const scale = Math.min(Math.sqrt(workingPixels / (width * height)), longestSide / Math.max(width, height));
  if (scale >= 1) return { width, height };
  const side = (original: number, other: number): number =>
    // A picture one pixel wide cannot become narrower, so it becomes shorter.
    Math.max(1, Math.floor(Math.min(original * scale, workingPixels / Math.max(1, Math.floor(other * scale)))));
  return { width: side(width, height), height: side(height, width) };
}
