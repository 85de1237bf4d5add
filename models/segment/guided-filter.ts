import { boxMean, type Reach } from './box-mean.ts';
import { mapPlane, type Plane } from './plane.ts';

/** For each pixel the line that makes the mask out of the picture's brightness there: `slope * luma + offset`. */
export interface MaskLines {
  readonly slope: Plane;
  readonly offset: Plane;
}

/** Variance of brightness (0 to 1) below which a window counts as even: there the mask is only smoothed. */
const evenness = 4e-4;

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
