import type { Piece } from './pieces.ts';

/** Consecutive pieces, from top to bottom, none of which crosses a certain gutter: the gap between two columns. */
export interface ColumnRun {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** How far down the page there is text on both sides of the gutter. */
  readonly extent: number;
}

type Extent = Pick<Piece, 'top' | 'bottom'>;
const emptyExtent: Extent = { top: Infinity, bottom: -Infinity };

/** In heights of the text: wider than the spaces that line up by chance; printers set columns an em apart or more. */
export const minGutter = 0.8;
/** In heights: columns that are interrupted by this much on both sides begin anew, as around a picture. */
const maxBreak = 3;
/** In heights: left edges this close are taken for one edge of a column. */
const edgeWidth = 0.5;
/** Bounds the time spent on pages where nothing lines up; real pages have fewer columns. */
const maxEdges = 32;

/** Runs of pieces, in order of their middles, that a gutter parts; `unit` is the usual height of the text. */
export function columnRuns(sorted: readonly Piece[], unit: number): ColumnRun[] {
  const runs = new Map<string, ColumnRun>();
  for (const edge of leftEdges(sorted, unit)) {
    for (const run of runsBeside(edge, sorted, unit)) {
      const key = `${run.from} ${run.to}`;
      if (run.extent > (runs.get(key)?.extent ?? 0)) runs.set(key, run);
    }
  }
  return [...runs.values()];
}

/** Where most pieces begin. */
function leftEdges(pieces: readonly Piece[], unit: number): number[] {
  const edges = new Map<number, { left: number; count: number }>();
  for (const { left } of pieces) {
    const key = Math.floor(left / (edgeWidth * unit));
    const edge = edges.get(key) ?? { left, count: 0 };
    edges.set(key, { left: Math.min(left, edge.left), count: edge.count + 1 });
  }
  return [...edges.values()]
    .toSorted((a, b) => b.count - a.count || a.left - b.left)
    .slice(0, maxEdges)
    .map(({ left }) => left);
}

function runsBeside(edge: number, sorted: readonly Piece[], unit: number): ColumnRun[] {
  const runs: ColumnRun[] = [];
  const crossing = edge - minGutter * unit;
  let from = 0;
  let bottom = -Infinity;
  let [left, right] = [emptyExtent, emptyExtent];
  for (let index = 0; index <= sorted.length; index++) {
    const piece = sorted[index];
    const crosses = piece === undefined || (piece.left < edge && piece.right > crossing);
    if (crosses || piece.top - bottom > maxBreak * unit) {
      const extent = Math.min(left.bottom, right.bottom) - Math.max(left.top, right.top);
      if (extent > 0) runs.push({ from, to: index, extent });
      [from, left, right] = [crosses ? index + 1 : index, emptyExtent, emptyExtent];
    }
    if (piece === undefined) break;
    if (!crosses && piece.left < edge) left = including(left, piece);
    else if (!crosses) right = including(right, piece);
    bottom = Math.max(bottom, piece.bottom);
  }
  return runs;
}

const including = (extent: Extent, { top, bottom }: Extent): Extent =>
  top >= extent.top && bottom <= extent.bottom
    ? extent
    : { top: Math.min(top, extent.top), bottom: Math.max(bottom, extent.bottom) };
