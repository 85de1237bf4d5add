import { minGutter } from './column-run.ts';
import type { Piece } from './piece.ts';
import { rowsOf } from './row.ts';
import { standInColumns } from './stand-in-columns.ts';
import { range } from './statistics.ts';
import { columnAt } from './text-column.ts';

/** Pieces between two vertical gaps. */
type Strip = readonly Piece[];

/**
 * Parts pieces into columns at vertical gaps; a single strip where they are rows of a table. Gaps that part no columns
 * are closed from the narrowest on: behind the numbers of a list first, then between columns.
 */
export function columnStrips(pieces: readonly Piece[], unit: number): Strip[] {
  const strips = stripsOf(pieces, minGutter * unit);
  for (;;) {
    const rows = strips.map(rowsOf);
    const closed = gapsBetween(strips).filter(
      ({ after }) => !standInColumns(columnAt('right', rows[after - 1]!), columnAt('left', rows[after]!)),
    );
    const [first, ...others] = closed;
    if (first === undefined) return strips;
    const { after } = others.reduce((a, b) => (b.width < a.width ? b : a), first);
    strips.splice(after - 1, 2, [...strips[after - 1]!, ...strips[after]!]);
  }
}

const gapsBetween = (strips: readonly Strip[]): { after: number; width: number }[] =>
  strips.slice(1).map((strip, before) => {
    const [, right] = range(strips[before]!.map((piece) => piece.right));
    const [left] = range(strip.map((piece) => piece.left));
    return { after: before + 1, width: left - right };
  });

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
