import type { Piece } from './piece.ts';

/** Consecutive pieces, from top to bottom, none of which crosses a certain gap. */
export interface ColumnRun {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** How far down the page there is text on both sides of the gap. */
  readonly extent: number;
}

/** In heights of the text: wider than the spaces that line up by chance; printers set columns an em apart or more. */
export const minGutter = 0.8;
/** In heights: columns that are interrupted by this much on both sides begin anew, as around a picture. */
const maxBreak = 3;
/** In heights: left edges this close are taken for one edge of a column. */
const edgeWidth = 0.5;

/** Runs of pieces, in order of their middles, that a vertical gap parts; `unit` is the usual height of the text. */
export function columnRuns(sorted: readonly Piece[], unit: number): ColumnRun[] {
  const runs = new Map<string, ColumnRun>();
  for (const edge of leftEdges(sorted, unit)) {
    for (const run of runsBeside(edge, sorted, unit)) runs.set(`${run.from} ${run.to}`, run);
  }
  return [...runs.values()];
}

function leftEdges(pieces: readonly Piece[], unit: number): Iterable<number> {
  const edges = new Map<number, number>();
  for (const { left } of pieces) {
    const key = Math.floor(left / (edgeWidth * unit));
    edges.set(key, Math.min(left, edges.get(key) ?? left));
  }
  return edges.values();
}

function runsBeside(edge: number, sorted: readonly Piece[], unit: number): ColumnRun[] {
  const runs: ColumnRun[] = [];
  let from = 0;
  let bottom = -Infinity;
  const close = (to: number): void => {
    const extent = sharedExtent(sorted.slice(from, to), edge);
    if (extent > 0) runs.push({ from, to, extent });
  };
  for (const [index, piece] of sorted.entries()) {
    const crosses = piece.left < edge && piece.right > edge - minGutter * unit;
    if (crosses || piece.top - bottom > maxBreak * unit) {
      close(index);
      from = crosses ? index + 1 : index;
    }
    bottom = Math.max(bottom, piece.bottom);
  }
  close(sorted.length);
  return runs;
}

function sharedExtent(pieces: readonly Piece[], edge: number): number {
  let [leftTop, leftBottom, rightTop, rightBottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { left, top, bottom } of pieces) {
    if (left < edge) [leftTop, leftBottom] = [Math.min(leftTop, top), Math.max(leftBottom, bottom)];
    else [rightTop, rightBottom] = [Math.min(rightTop, top), Math.max(rightBottom, bottom)];
  }
  return Math.min(leftBottom, rightBottom) - Math.max(leftTop, rightTop);
}
