import type { OriginalImage, RgbImage } from '@portico/media/image';
import { boxMean, mapPlane, type Plane, type Reach, StretchedPlane } from './planes.ts';

/** Variance of brightness (0 to 1) below which a window counts as even: there the mask is only smoothed. */
const evenness = 4e-4;
/** Below and above these the mask is taken for sure: what the filter leaves there is no edge but haze. */
const surelyNot = 0.1;
const surely = 0.9;

/** For each pixel the line that makes the mask out of the picture's brightness there: `slope * luma + offset`. */
export interface MaskLines {
  readonly slope: Plane;
  readonly offset: Plane;
}

/**
 * Fits the mask to the picture's edges: in each window the line from brightness to mask with the least squared error, and
 * for each pixel the mean of all lines whose window holds it. The lines change slowly from pixel to pixel, so they may be
 * stretched to a larger picture's size and applied to its brightness: its own edges then show in the mask.
 * He, Sun, Tang: Guided Image Filtering, 2013, https://doi.org/10.1109/TPAMI.2012.213; He, Sun: Fast Guided Filter, 2015,
 * https://arxiv.org/abs/1505.00996
 */
export function maskLines(luma: Plane, mask: Plane, reach: Reach): MaskLines {
  const meanLuma = boxMean(luma, reach).values;
  const meanMask = boxMean(mask, reach).values;
  const meanProduct = boxMean(product(luma, mask), reach).values;
  const meanSquare = boxMean(product(luma, luma), reach).values;
  const slope = mapPlane(luma, (index) => {
    const brightness = meanLuma[index]!;
    const covariance = meanProduct[index]! - brightness * meanMask[index]!;
    return covariance / (meanSquare[index]! - brightness * brightness + evenness);
  });
  const offset = mapPlane(luma, (index) => meanMask[index]! - slope.values[index]! * meanLuma[index]!);
  return { slope: boxMean(slope, reach), offset: boxMean(offset, reach) };
}

const product = (one: Plane, other: Plane): Plane =>
  mapPlane(one, (index) => one.values[index]! * other.values[index]!);

/** How much of each pixel of the original is person, 0 to 255, and never more than the pixel is opaque. */
export function personMask(original: OriginalImage, lines: MaskLines): Uint8Array {
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

/** How bright a pixel is, 0 to 1 (ITU-R BT.601); `at` is where its three bytes start. */
const lumaAt = (data: Uint8Array, at: number): number =>
  (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;

export const lumaOf = (image: RgbImage): Plane => mapPlane(image, (index) => lumaAt(image.data, 3 * index));
