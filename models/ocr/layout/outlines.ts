import { degreesBetween, distance, mapCorners, midpoint, type Point, type Quad, rotated } from '../geometry/quad.ts';
import { range, weightedMedian } from '../geometry/statistics.ts';

/** A recognised line with its corners: all that the layout depends on. */
export interface PlacedText {
  readonly text: string;
  readonly polygon: Quad;
  /** Whether the characters are stacked and read downwards. */
  readonly vertical?: boolean;
}

/** Where a line is read, and in which direction. */
export interface Outline {
  /** The line's place in the input. */
  readonly index: number;
  readonly text: string;
  /** The text is read from the edge between the first and the last corner to the edge opposite. */
  readonly corners: Quad;
}

/** A direction in quarter turns clockwise from left to right. */
export type Quarter = 0 | 1 | 2 | 3;
const quarters: readonly Quarter[] = [0, 1, 2, 3];

/** Lines shorter than this many thicknesses say little about the direction they are read in. */
const minElongation = 3;
/** In thicknesses: longer lines have no more say, so that one stamp across the page does not outvote it. */
const maxElongation = 10;
/** Keeps lines without area from having no say at all. */
const minSize = 1e-9;

/** Outlines on a page of size 1 whose text is upright, in an order that does not depend on that of the lines. */
export function outlinesOf(lines: readonly PlacedText[], angle: number): Outline[] {
  const normalise = normalisation(lines.flatMap(({ polygon }) => polygon));
  return lines
    .map(({ text, polygon, vertical }, index) => {
      const corners = rotated(mapCorners(polygon, normalise), angle);
      return { index, text, corners: vertical === true ? downwards(corners) : corners };
    })
    .toSorted(byCorners);
}

/** One difference and one quotient, so that pages that differ in place and scale only come out alike to the last bit. */
function normalisation(points: readonly Point[]): (point: Point) => Point {
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const size = Math.max(right - left, bottom - top) || 1;
  return ({ x, y }) => ({ x: (x - left) / size, y: (y - top) / size });
}

/** A column of stacked characters is read like a line that was turned clockwise by a quarter. */
const downwards = ([topLeft, topRight, bottomRight, bottomLeft]: Quad): Quad => [
  topRight,
  bottomRight,
  bottomLeft,
  topLeft,
];

function byCorners(a: Outline, b: Outline): number {
  for (const [corner, point] of a.corners.entries()) {
    const other = b.corners[corner]!;
    const difference = point.y - other.y || point.x - other.x;
    if (difference !== 0) return difference;
  }
  return a.text < b.text ? -1 : Number(a.text > b.text);
}

export const start = ({ corners }: Outline): Point => midpoint(corners[0], corners[3]);
export const end = ({ corners }: Outline): Point => midpoint(corners[1], corners[2]);
export const length = (outline: Outline): number => distance(start(outline), end(outline));
export const thickness = ({ corners }: Outline): number =>
  (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / 2;

/** Degrees clockwise from left to right in which most of the text is read, exact to the skew of its longer lines. */
export function mainDirection(outlines: readonly Outline[]): number {
  const areas = quarters.map((quarter) =>
    outlines.reduce((sum, outline) => sum + (quarterOf(outline) === quarter ? area(outline) : 0), 0),
  );
  const quarter = areas.indexOf(Math.max(...areas));
  const along = outlines.filter((outline) => quarterOf(outline) === quarter);
  const long = along.filter((outline) => length(outline) >= minElongation * thickness(outline));
  const skews = (long.length > 0 ? long : along).map((outline) => ({
    value: degreesBetween(quarter * 90, direction(outline)),
    weight: Math.min(length(outline) / (thickness(outline) + minSize), maxElongation) + minSize,
  }));
  return quarter * 90 + weightedMedian(skews);
}

/** The quarter turn nearest to the direction in which the line is read. */
export const quarterOf = (outline: Outline): Quarter => quarters[(Math.round(direction(outline) / 90) + 4) % 4] ?? 0;

function direction(outline: Outline): number {
  const [from, to] = [start(outline), end(outline)];
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
}

const area = (outline: Outline): number => (length(outline) + minSize) * (thickness(outline) + minSize);
