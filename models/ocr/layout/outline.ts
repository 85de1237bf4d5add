import { distance, type Point, type Quad } from '../geometry/quad.ts';
import { between, mapCorners, turnedBy } from './corners.ts';
import { range } from './statistics.ts';

/** A recognised line with its corners; what the layout depends on. */
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

/** Outlines on a page of size 1 whose text stands upright, in an order that does not depend on that of the lines. */
export function outlinesOf(lines: readonly PlacedText[], angle: number): Outline[] {
  const normalise = normalisation(lines.flatMap(({ polygon }) => polygon));
  return lines
    .map(({ text, polygon, vertical }, index) => {
      const corners = turnedBy(mapCorners(polygon, normalise), angle);
      return { index, text, corners: vertical === true ? downwards(corners) : corners };
    })
    .toSorted(byCorners);
}

export const start = ({ corners }: Outline): Point => between(corners[0], corners[3]);
export const end = ({ corners }: Outline): Point => between(corners[1], corners[2]);
export const length = (outline: Outline): number => distance(start(outline), end(outline));
export const thickness = ({ corners }: Outline): number =>
  (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / 2;

/** A column of stacked characters is read like a line that was turned clockwise by a quarter. */
const downwards = ([topLeft, topRight, bottomRight, bottomLeft]: Quad): Quad => [
  topRight,
  bottomRight,
  bottomLeft,
  topLeft,
];

/** One difference and one quotient: pages that differ in place and scale only come out alike to the last bit. */
function normalisation(points: readonly Point[]): (point: Point) => Point {
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const size = Math.max(right - left, bottom - top) || 1;
  return ({ x, y }) => ({ x: (x - left) / size, y: (y - top) / size });
}

function byCorners(a: Outline, b: Outline): number {
  for (const [corner, point] of a.corners.entries()) {
    const other = b.corners[corner]!;
    const difference = point.y - other.y || point.x - other.x;
    if (difference !== 0) return difference;
  }
  return a.text < b.text ? -1 : Number(a.text > b.text);
}
