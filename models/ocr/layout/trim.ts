import type { Piece } from './piece.ts';
import { rowsOf } from './row.ts';

/** The part of a run that is columns, and how many pieces stand above it. */
export interface Trimmed {
  readonly pieces: readonly Piece[];
  readonly before: number;
}

/** Rows that may be a page's header or footer: a title and a date, a name and a page number. */
const maxRows = 2;
/** More than rows of a header have; spares looking at the rest. */
const maxPieces = 16;
/** In heights: what such a row of several pieces is set off by. */
const minGap = 1;
/** In heights: what a piece on one side is set off by. By less, it may be the last row of a column. */
const minGapAlone = 2.5;

/** Leaves out rows at the head and the foot of a run, in order of middles, that are set off from it on all sides. */
export function trimmed(run: readonly Piece[], unit: number): Trimmed {
  const cuts = gaps(run);
  const isSetOff = (pieces: readonly Piece[], gap: number): boolean => {
    if (pieces.length > maxPieces) return false;
    const rows = rowsOf(pieces);
    const isAlone = rows.every((row) => row.pieces.length === 1);
    return rows.length <= maxRows && gap >= (isAlone ? minGapAlone : minGap) * unit;
  };
  const head = cuts.findLast(({ at, gap }) => isSetOff(run.slice(0, at), gap))?.at ?? 0;
  const foot = cuts.find(({ at, gap }) => at > head && isSetOff(run.slice(at), gap))?.at ?? run.length;
  return { pieces: run.slice(head, foot), before: head };
}

/** Where nothing stands on either side, from top to bottom. */
function gaps(run: readonly Piece[]): { at: number; gap: number }[] {
  let bottom = run[0]?.bottom ?? 0;
  return run.slice(1).flatMap(({ top }, index) => {
    const gap = top - bottom;
    bottom = Math.max(bottom, run[index + 1]!.bottom);
    return gap > 0 ? [{ at: index + 1, gap }] : [];
  });
}
