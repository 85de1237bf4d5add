/** A place on the page; x grows to the right, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left, top right, bottom right, bottom left as the text is read. */
export type Quad = readonly [Point, Point, Point, Point];

export const mapCorners = ([a, b, c, d]: Quad, change: (corner: Point) => Point): Quad => [
  change(a),
  change(b),
  change(c),
  change(d),
];

/** Turns clockwise about the origin, as one looks at the page. */
export function turned(quad: Quad, degrees: number): Quad {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return mapCorners(quad, ({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

export const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
