import { median, range } from '../geometry/statistics.ts';
import { areColumns } from './column-or-table.ts';
import { type ColumnRun, columnRuns, minGutter } from './gutters.ts';
import type { Piece } from './pieces.ts';
import { rowsOf } from './rows.ts';

/** Columns side by side, and what is above and below them. */
interface Columns {
  readonly above: readonly Piece[];
  readonly columns: readonly (readonly Piece[])[];
  readonly below: readonly Piece[];
}

type LeaningRun = ColumnRun & { readonly lean: number };

/** Pieces between two gutters. */
type Strip = readonly Piece[];

/** The part of a run that is columns, and how many pieces are above it. */
interface Trimmed {
  readonly pieces: readonly Piece[];
  readonly before: number;
}

/** Gutters of a page in perspective lean: to the right by so much for each step down. */
const leans = [0, 0.025, -0.025, 0.05, -0.05, 0.075, -0.075, 0.1, -0.1] as const;
/** A gutter that leans must reach this much further than any upright one: ragged rows leave many gaps by chance. */
const minGain = 1.2;
/** Bounds the time spent on pages where nothing lines up; real pages have few gutters of some length. */
const maxRuns = 16;

/** Rows that may be a page's header or footer: a title and a date, a name and a page number. */
const maxRows = 2;
/** More than rows of a header have; spares looking at the rest. */
const maxPieces = 16;
/** In heights: what such a row of several pieces is set off by. */
const minGap = 1;
/** In heights: what a piece on one side is set off by. By less, it may be the last row of a column. */
const minGapAlone = 2.5;

/**
 * Parts a page into blocks that are read row by row, in reading order: what is above columns, each column, what
 * is below them, and so on within each. It cuts at white space from the top down, as the recursive XY-cut does (Nagy
 * and Seth, 1984), but a gutter need not run the length of its block, may lean, and must part columns rather than cells.
 */
export function sections(pieces: readonly Piece[]): (readonly Piece[])[] {
  const found = findColumns(pieces);
  if (found === undefined) return pieces.length === 0 ? [] : [pieces];
  return [found.above, ...found.columns, found.below].flatMap(sections);
}

/** Finds the tallest columns of running text, if there are any. */
function findColumns(pieces: readonly Piece[]): Columns | undefined {
  const unit = median(pieces.filter((piece) => !piece.apart).map((piece) => piece.height));
  if (unit === 0) return undefined;
  const sorted = pieces.toSorted((a, b) => a.middle - b.middle);
  for (const { from, to, lean } of candidates(sorted, unit)) {
    const run = sorted.slice(from, to).map((piece) => sheared(piece, lean));
    const core = trimmed(run, unit);
    const columns = columnStrips(core.pieces, unit);
    if (columns.length > 1) {
      return {
        above: sorted.slice(0, from + core.before),
        columns,
        below: sorted.slice(from + core.before + core.pieces.length),
      };
    }
  }
  return undefined;
}

/** Runs of pieces beside a gutter, the tallest first. */
function candidates(sorted: readonly Piece[], unit: number): LeaningRun[] {
  const runs: LeaningRun[] = [];
  for (const lean of leans) {
    const upright = runs.reduce((max, run) => (run.lean === 0 ? Math.max(max, run.extent) : max), 0);
    if (lean !== 0 && minGain * upright >= height(sorted)) break;
    for (const run of columnRuns(lean === 0 ? sorted : sorted.map((piece) => sheared(piece, lean)), unit)) {
      if (lean === 0 || run.extent > minGain * upright) runs.push({ ...run, lean });
    }
  }
  return runs.toSorted((a, b) => b.extent - a.extent).slice(0, maxRuns);
}

const height = (pieces: readonly Piece[]): number =>
  range(pieces.map(({ bottom }) => bottom))[1] - range(pieces.map(({ top }) => top))[0];

/** The piece moved so that gutters that lean by so much become upright. */
const sheared = (piece: Piece, lean: number): Piece =>
  lean === 0 ? piece : { ...piece, left: piece.left - lean * piece.middle, right: piece.right - lean * piece.middle };

/** Leaves out rows at the head and the foot of a run, in order of middles, that are set off from it on all sides. */
function trimmed(run: readonly Piece[], unit: number): Trimmed {
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

/** Where nothing is on either side, from top to bottom. */
function gaps(run: readonly Piece[]): { at: number; gap: number }[] {
  let bottom = run[0]?.bottom ?? 0;
  return run.slice(1).flatMap(({ top }, index) => {
    const gap = top - bottom;
    bottom = Math.max(bottom, run[index + 1]!.bottom);
    return gap > 0 ? [{ at: index + 1, gap }] : [];
  });
}

/**
 * Parts pieces into columns at their gutters; a single strip where they are rows of a table. Gutters that part no
 * columns are closed from the narrowest on: behind the numbers of a list first, then between columns.
 */
function columnStrips(pieces: readonly Piece[], unit: number): Strip[] {
  const strips = stripsOf(pieces, minGutter * unit);
  for (;;) {
    const rows = strips.map(rowsOf);
    const [first, ...others] = guttersBetween(strips).filter(
      ({ after }) => !areColumns(rows[after - 1]!, rows[after]!),
    );
    if (first === undefined) return strips;
    const { after } = others.reduce((a, b) => (b.width < a.width ? b : a), first);
    strips.splice(after - 1, 2, [...strips[after - 1]!, ...strips[after]!]);
  }
}

const guttersBetween = (strips: readonly Strip[]): { after: number; width: number }[] =>
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
