import { minGutter } from './column-run.ts';
import type { Piece } from './piece.ts';
import { columnOf } from './text-column.ts';
import { standInColumns } from './stand-in-columns.ts';

/** Pieces between two vertical gaps. */
type Strip = readonly Piece[];

/**
 * Parts pieces into columns at vertical gaps; a single strip where they are rows of a table. Gaps that part no columns
 * are closed from the narrowest on: behind the numbers of a list first, then between columns.
 */
export function columnStrips(pieces: readonly Piece[], unit: number): Strip[] {
  const strips = stripsOf(pieces, minGutter * unit);
  for (;;) {
    const columns = strips.map(columnOf);
    const closed = columns.slice(1).flatMap((column, before) => {
      const previous = columns[before]!;
      return standInColumns(previous, column) ? [] : [{ before, gap: column.left - previous.right }];
    });
    if (closed.length === 0) return strips;
    const { before } = closed.reduce((a, b) => (b.gap < a.gap ? b : a));
    strips.splice(before, 2, [...strips[before]!, ...strips[before + 1]!]);
  }
}

function stripsOf(pieces: readonly Piece[], minGap: number): Strip[] {
  const strips: Piece[][] = [];
  let right = -Infinity;
  for (const piece of pieces.toSorted((a, b) => a.left - b.left)) {
    if (piece.left - right >= minGap) strips.push([piece]);
    else strips.at(-1)!.push(piece);
    right = Math.max(right, piece.right);
  }
  return strips;
}
