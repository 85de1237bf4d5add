import type { Region } from '../../media/resize-region.ts';
import type { RgbImage } from '../../media/rgb-image.ts';
import type { Box } from '../box.ts';

/**
 * A little more than the box on every side, in parts of its shorter side: full stops at the end and thin strokes at
 * the edge are read more surely with some ground around them.
 */
const margin = 0.05;

/** The part of the image that is cut out to read the line in a box. */
export function lineRegion(box: Box, image: RgbImage): Region {
  const extra = Math.round(margin * Math.min(box.right - box.left, box.bottom - box.top));
  const left = Math.max(0, box.left - extra);
  const top = Math.max(0, box.top - extra);
  return {
    left,
    top,
    width: Math.min(image.width, box.right + extra) - left,
    height: Math.min(image.height, box.bottom + extra) - top,
  };
}
