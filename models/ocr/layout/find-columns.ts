import { type ColumnRun, columnRuns } from './column-run.ts';
import type { Piece } from './piece.ts';
import { median, range } from './statistics.ts';
import { columnStrips } from './strips.ts';
import { trimmed } from './trim.ts';

/** Columns side by side, and what stands above and below them. */
export interface Columns {
  readonly above: readonly Piece[];
  readonly columns: readonly (readonly Piece[])[];
  readonly below: readonly Piece[];
}

/** Gaps of a page in perspective lean: to the right by so much for each step down. */
const leans = [0, 0.025, -0.025, 0.05, -0.05, 0.075, -0.075, 0.1, -0.1] as const;
/** A gap that leans must reach this much further than any upright one; between ragged rows many gaps can be found. */
const minGain = 1.2;
/** Bounds the time spent on pages where nothing lines up; real pages have few gaps of some length. */
const maxRuns = 16;

/** Finds the tallest columns of running text, if there are any. */
export function findColumns(pieces: readonly Piece[]): Columns | undefined {
  const unit = median(pieces.filter((piece) => !piece.apart).map((piece) => piece.height));
  if (unit === 0) return undefined;
  const sorted = pieces.toSorted((a, b) => a.middle - b.middle);
  for (const { from, to, lean } of candidates(sorted, unit)) {
    const run = sorted.slice(from, to).map((piece) => leaned(piece, lean));
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

type LeaningRun = ColumnRun & { readonly lean: number };

function candidates(sorted: readonly Piece[], unit: number): LeaningRun[] {
  const runs: LeaningRun[] = [];
  for (const lean of leans) {
    const upright = runs.reduce((most, run) => (run.lean === 0 ? Math.max(most, run.extent) : most), 0);
    if (lean !== 0 && minGain * upright >= height(sorted)) break;
    for (const run of columnRuns(lean === 0 ? sorted : sorted.map((piece) => leaned(piece, lean)), unit)) {
      if (lean === 0 || run.extent > minGain * upright) runs.push({ ...run, lean });
    }
  }
  return runs.toSorted((a, b) => b.extent - a.extent).slice(0, maxRuns);
}

const height = (pieces: readonly Piece[]): number =>
  range(pieces.map(({ bottom }) => bottom))[1] - range(pieces.map(({ top }) => top))[0];

const leaned = (piece: Piece, lean: number): Piece =>
  lean === 0 ? piece : { ...piece, left: piece.left - lean * piece.middle, right: piece.right - lean * piece.middle };
