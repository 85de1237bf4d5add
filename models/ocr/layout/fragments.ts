import { joinText } from './join-text.ts';
import type { Piece } from './piece.ts';

/** In heights of the lower one: wider than a space, also between big words, and narrower than the gap of columns. */
const maxGap = 0.7;
/** In heights of the lower one: boxes of neighbours may overlap, being grown beyond the ink. */
const maxOverlap = 0.5;
/** In heights of the lower one; half of it is what boxes with and without descenders differ by. */
const maxShift = 0.35;
/** A line without ascenders is little more than half as high as one with both. */
const maxHeightRatio = 2;

/** Joins fragments of a line that follow each other within a space: detection splits lines, most of all big type. */
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
