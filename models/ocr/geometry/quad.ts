/** A point in pixels from the image's top left corner; `y` grows downwards, so that angles grow clockwise. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right and bottom left corner as the text is read. */
export type Quad = readonly [Point, Point, Point, Point];

/** @throws {TypeError} when there are not four corners. */
export function quadOf([first, second, third, fourth]: readonly Point[]): Quad {
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new TypeError('A quad has four corners.');
  return [first, second, third, fourth];
}

export const mapCorners = ([first, second, third, fourth]: Quad, change: (corner: Point) => Point): Quad => [
  change(first),
  change(second),
  change(third),
  change(fourth),
];

export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

export const midpoint = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Length along the direction of reading. */
export const widthOf = ([topLeft, topRight, bottomRight, bottomLeft]: Quad): number =>
  Math.max(distance(topLeft, topRight), distance(bottomLeft, bottomRight));

export const heightOf = ([topLeft, topRight, bottomRight, bottomLeft]: Quad): number =>
  Math.max(distance(topLeft, bottomLeft), distance(topRight, bottomRight));

export const centreOf = (quad: Quad): Point => pointAt(quad, 0.5, 0.5);

/** Where the text runs to: degrees clockwise from rightwards, -180 to 180. */
export function directionOf(quad: Quad): number {
  const start = pointAt(quad, 0, 0.5);
  const end = pointAt(quad, 1, 0.5);
  return (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI;
}

/** The point at a share of the width (0 left, 1 right) and of the height (0 top, 1 bottom). */
function pointAt([topLeft, topRight, bottomRight, bottomLeft]: Quad, across: number, down: number): Point {
  const top = interpolate(topLeft, topRight, across);
  const bottom = interpolate(bottomLeft, bottomRight, across);
  return interpolate(top, bottom, down);
}

/** The part of a quad between two shares of its width, or of its height. */
export function partOf(quad: Quad, axis: 'across' | 'down', from: number, to: number): Quad {
  const at = (across: number, down: number): Point => pointAt(quad, across, down);
  return axis === 'across'
    ? [at(from, 0), at(to, 0), at(to, 1), at(from, 1)]
    : [at(0, from), at(1, from), at(1, to), at(0, to)];
}

/** The same corners, the text read after so many quarter turns clockwise: one makes text that runs right run down. */
export function turned([first, second, third, fourth]: Quad, quarters: number): Quad {
  const turns: readonly Quad[] = [
    [first, second, third, fourth],
    [second, third, fourth, first],
    [third, fourth, first, second],
    [fourth, first, second, third],
  ];
  return turns[((quarters % 4) + 4) % 4]!;
}

/** The same quad, its text running as nearly as its corners allow in a direction of these degrees. */
export const facing = (quad: Quad, direction: number): Quad =>
  turned(quad, Math.round(degreesBetween(directionOf(quad), direction) / 90));

/** The quad rotated clockwise about the origin, as seen on the page. */
export function rotated(quad: Quad, degrees: number): Quad {
  const radians = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  return mapCorners(quad, ({ x, y }) => ({ x: x * cosine - y * sine, y: x * sine + y * cosine }));
}

/** How far one has to turn clockwise from one direction to another, from -180 up to 180. */
export const degreesBetween = (from: number, to: number): number => normaliseDegrees(to - from);

/** The same direction from -180 up to, not including, 180. */
export const normaliseDegrees = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** Moves every edge of a rectangle outwards. */
export function grow(quad: Quad, by: number): Quad {
  const right = unit(pointAt(quad, 0, 0.5), pointAt(quad, 1, 0.5));
  const down = unit(pointAt(quad, 0.5, 0), pointAt(quad, 0.5, 1));
  const moved = ({ x, y }: Point, across: number, along: number): Point => ({
    x: x + by * (across * right.x + along * down.x),
    y: y + by * (across * right.y + along * down.y),
  });
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  return [moved(topLeft, -1, -1), moved(topRight, 1, -1), moved(bottomRight, 1, 1), moved(bottomLeft, -1, 1)];
}

const interpolate = (a: Point, b: Point, share: number): Point => ({
  x: a.x + share * (b.x - a.x),
  y: a.y + share * (b.y - a.y),
});

function unit(from: Point, to: Point): Point {
  const length = distance(from, to);
  return length === 0 ? { x: 0, y: 0 } : { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}
