import type { Outline } from './outline.ts';
import { mapCorners } from './corners.ts';
import { range } from './statistics.ts';
import type { Straightening } from './straighten.ts';

/** A stretch of text on the straightened page. */
export interface Piece {
  /** The lines in it in reading order, as places in the input. */
  readonly order: readonly number[];
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly middle: number;
  readonly height: number;
  /** Whether it is text of another direction, laid out by itself, with which no row is shared. */
  readonly apart: boolean;
}

/** Finer than any pixel; coarser than what turning a page rounds away, so that level edges stay level. */
const grain = 1e-6;
const rounded = (value: number): number => Math.round(value / grain) * grain;

/** A line that is level but for noise: its ends at half height, so that a long one does not grow by its slope. */
export function levelPiece({ index, text, corners }: Outline, straighten: Straightening): Piece {
  const [a, b, c, d] = mapCorners(corners, straighten);
  const [from, to] = [(a.x + d.x) / 2, (b.x + c.x) / 2];
  const height = rounded((Math.abs(d.y - a.y) + Math.abs(c.y - b.y)) / 2);
  const middle = rounded((a.y + b.y + c.y + d.y) / 4);
  return {
    order: [index],
    text,
    left: rounded(Math.min(from, to)),
    right: rounded(Math.max(from, to)),
    top: middle - height / 2,
    bottom: middle + height / 2,
    middle,
    height,
    apart: false,
  };
}

/** Text of another direction that was laid out by itself, as the box around its corners. */
export function apartPiece(
  outlines: readonly Outline[],
  { order, text }: { readonly order: readonly number[]; readonly text: string },
  straighten: Straightening,
): Piece {
  const corners = outlines.flatMap((outline) => mapCorners(outline.corners, straighten));
  const [left, right] = range(corners.map(({ x }) => rounded(x)));
  const [top, bottom] = range(corners.map(({ y }) => rounded(y)));
  return { order, text, left, right, top, bottom, middle: (top + bottom) / 2, height: bottom - top, apart: true };
}
