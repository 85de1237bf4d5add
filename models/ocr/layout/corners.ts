import type { Point, Quad } from '../geometry/quad.ts';

export const mapCorners = ([a, b, c, d]: Quad, change: (corner: Point) => Point): Quad => [
  change(a),
  change(b),
  change(c),
  change(d),
];

/** Turns clockwise about the origin, as one looks at the page. */
export function turnedBy(quad: Quad, degrees: number): Quad {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return mapCorners(quad, ({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

export const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
