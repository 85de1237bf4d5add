import { quadAlong, smallestQuad } from '../geometry/bounding-quad.ts';
import { facing, heightOf, type Quad, widthOf } from '../geometry/quad.ts';
import type { TextRegion } from './text-regions.ts';
import { unclip } from './unclip.ts';

/** Boxes less than so many times as long as high do not show which way their text runs. */
const minAspect = 2;

/** The box of a region's whole text; its text runs as nearly as its shape allows in a direction of these degrees. */
export function regionBox(region: TextRegion, direction: number): Quad {
  const smallest = facing(smallestQuad(region), direction);
  const sides = [widthOf(smallest), heightOf(smallest)];
  const tellsDirection = Math.max(...sides) >= minAspect * Math.min(...sides);
  return unclip(tellsDirection ? smallest : quadAlong(region, direction));
}
