import { mapCorners } from '../geometry/quad.ts';
import { range } from '../geometry/statistics.ts';
import type { Outline } from './outlines.ts';
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

/** In heights of the lower one: wider than a space, also between big words, and narrower than the gap of columns. */
const maxGap = 0.7;
/** In heights of the lower one: boxes of neighbours may overlap, being grown beyond the ink. */
const maxOverlap = 0.5;
/** In heights of the lower one; half of it is what boxes with and without descenders differ by. */
const maxShift = 0.35;
/** A line without ascenders is little more than half as high as one with both. */
const maxHeightRatio = 2;

/** Scripts that are written without spaces between words; Hangul is not one of them. */
const spaceless =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\u3000-\\u303F\\uFF01-\\uFF60ー]';
const spacelessEnd = new RegExp(`${spaceless}$`, 'u');
const spacelessStart = new RegExp(`^${spaceless}`, 'u');

/** In heights. Spaced-out headings are closer than this; what is further apart are cells of a row. */
const minCellGap = 2;

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

const rounded = (value: number): number => Math.round(value / grain) * grain;

/** Joins fragments of a line that follow each other within a space: the detector splits lines, most of all big type. */
export function joinFragments(pieces: readonly Piece[]): Piece[] {
  const chains: Piece[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.left - b.left)) {
    const chain = chains.find((candidate) => follows(piece, candidate.at(-1)!));
    if (chain === undefined) chains.push([piece]);
    else chain.push(piece);
  }
  return chains.map((chain) => chain.reduce(joined));
}

function follows(piece: Piece, previous: Piece): boolean {
  const lower = Math.min(piece.height, previous.height);
  const gap = piece.left - previous.right;
  return (
    Math.abs(piece.middle - previous.middle) < maxShift * lower &&
    gap < maxGap * lower &&
    gap > -maxOverlap * lower &&
    piece.right > previous.right &&
    Math.max(piece.height, previous.height) < maxHeightRatio * lower
  );
}

function joined(a: Piece, b: Piece): Piece {
  const height = Math.max(a.height, b.height);
  return {
    order: [...a.order, ...b.order],
    text: joinText(a.text, b.text, (b.left - a.right) / height),
    left: a.left,
    right: b.right,
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    middle: (Math.min(a.top, b.top) + Math.max(a.bottom, b.bottom)) / 2,
    height,
    apart: false,
  };
}

/**
 * Joins what is on one row: by one space however wide the gap, by none between Chinese or Japanese characters that
 * are no further apart than those of a spaced-out heading.
 */
export function joinText(before: string, after: string, gapInHeights: number): string {
  if (before === '' || after === '') return before + after;
  const isSpaceless = spacelessEnd.test(before) && spacelessStart.test(after);
  return before + (isSpaceless && gapInHeights < minCellGap ? '' : ' ') + after;
}
