import { end, length, type Outline, start, thickness } from './outline.ts';
import { weightedMedian } from '../geometry/weighted-median.ts';

/** Lines shorter than this many thicknesses say little about the direction they are read in. */
const minElongation = 3;
/** In thicknesses: longer lines have no more say, so that one stamp across the page does not outvote it. */
const maxElongation = 10;
/** Keeps lines without area from having no say at all. */
const leastSize = 1e-9;

/** A direction in quarter turns clockwise from left to right. */
export type Quarter = 0 | 1 | 2 | 3;
const quarters: readonly Quarter[] = [0, 1, 2, 3];

/** Degrees clockwise from left to right in which most of the text is read, exact to the skew of its longer lines. */
export function mainDirection(outlines: readonly Outline[]): number {
  const areas = quarters.map((quarter) =>
    outlines.reduce((sum, outline) => sum + (quarterOf(outline) === quarter ? area(outline) : 0), 0),
  );
  const quarter = areas.indexOf(Math.max(...areas));
  const along = outlines.filter((outline) => quarterOf(outline) === quarter);
  const long = along.filter((outline) => length(outline) >= minElongation * thickness(outline));
  const skews = (long.length > 0 ? long : along).map((outline) => ({
    value: angleBetween(quarter * 90, direction(outline)),
    weight: Math.min(length(outline) / (thickness(outline) + leastSize), maxElongation) + leastSize,
  }));
  return quarter * 90 + weightedMedian(skews);
}

/** The quarter turn nearest to the direction in which the line is read. */
export const quarterOf = (outline: Outline): Quarter => quarters[(Math.round(direction(outline) / 90) + 4) % 4] ?? 0;

function direction(outline: Outline): number {
  const [from, to] = [start(outline), end(outline)];
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
}

/** From the first direction to the second, -180 to below 180. */
const angleBetween = (from: number, to: number): number => ((((to - from + 180) % 360) + 360) % 360) - 180;

const area = (outline: Outline): number => (length(outline) + leastSize) * (thickness(outline) + leastSize);
