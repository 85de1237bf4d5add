import type { Point, Quad } from '../geometry/quad.ts';

/** A box whose text runs rightwards. */
export const box = (left: number, top: number, width: number, height: number): Quad => [
  { x: left, y: top },
  { x: left + width, y: top },
  { x: left + width, y: top + height },
  { x: left, y: top + height },
];

/** The box with the page around it turned clockwise, about the page's top left corner by default. */
export function leaning(quad: Quad, degrees: number, about: Point = { x: 0, y: 0 }): Quad {
  const radians = (degrees * Math.PI) / 180;
  const moved = ({ x, y }: Point): Point => ({
    x: about.x + (x - about.x) * Math.cos(radians) - (y - about.y) * Math.sin(radians),
    y: about.y + (x - about.x) * Math.sin(radians) + (y - about.y) * Math.cos(radians),
  });
  const [first, second, third, fourth] = quad;
  return [moved(first), moved(second), moved(third), moved(fourth)];
}

/** Corners as [x, y], to so many decimals, and never -0. */
export const rounded = (quad: readonly Point[], decimals = 3): [number, number][] =>
  quad.map(({ x, y }) => [Number(x.toFixed(decimals)) + 0, Number(y.toFixed(decimals)) + 0]);

/** Whether a point lies in a convex quad whose corners go clockwise. */
export const isInside = (quad: Quad, { x, y }: Point, tolerance = 0): boolean =>
  quad.every((corner, index) => {
    const next = quad[(index + 1) % 4]!;
    const length = Math.hypot(next.x - corner.x, next.y - corner.y);
    const cross = (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x);
    return cross >= -tolerance * length;
  });
