import type { Original } from './decode-original.ts';
import type { MaskLines } from './guided-filter.ts';
import { lumaAt } from './luma.ts';
import { StretchedPlane } from './stretched-plane.ts';

/** Below and above these the mask is taken for sure: what the filter leaves there is no edge but haze. */
const surelyNot = 0.1;
const surely = 0.9;

/** How much of each pixel of the original is person, 0 to 255, and never more than the pixel is opaque. */
export function personMask(original: Original, lines: MaskLines): Uint8Array {
  const { data, width, height, opacity } = original;
  const slopes = new StretchedPlane(lines.slope, original);
  const offsets = new StretchedPlane(lines.offset, original);
  const mask = new Uint8Array(width * height);
  for (let row = 0, pixel = 0; row < height; row += 1) {
    const slope = slopes.row(row);
    const offset = offsets.row(row);
    for (let column = 0; column < width; column += 1, pixel += 1) {
      const share = slope[column]! * lumaAt(data, 3 * pixel) + offset[column]!;
      const value = Math.round((255 * (share - surelyNot)) / (surely - surelyNot));
      mask[pixel] = Math.min(Math.max(value, 0), opacity?.[pixel] ?? 255);
    }
  }
  return mask;
}
