import { range } from '../geometry/statistics.ts';
import { joinText, type Piece } from './pieces.ts';

/** What is on one line of a block, from left to right; several pieces where gaps are wide. */
export interface Row {
  readonly pieces: readonly Piece[];
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Of its highest piece, which has ascenders and descenders if any has. */
  readonly height: number;
  readonly apart: boolean;
}

/** Pieces share a row where the middle of each lies within the height of the other. */
const maxShift = 0.5;
/** In heights of the lower one: what overlaps by more is above or below. */
const maxOverlap = 0.5;

/** Gathers pieces into rows, from top to bottom. */
export function rowsOf(pieces: readonly Piece[]): Row[] {
  const rows: [Piece, ...Piece[]][] = [];
  for (const piece of pieces.toSorted((a, b) => anchor(a) - anchor(b))) {
    const row = rowFor(piece, rows);
    if (row === undefined) rows.push([piece]);
    else row.push(piece);
  }
  return rows.map(rowFrom);
}

/** Text of another direction is read before what is beside it. */
const anchor = (piece: Piece): number => (piece.apart ? piece.top : piece.middle);

function rowFor(piece: Piece, rows: [Piece, ...Piece[]][]): Piece[] | undefined {
  if (piece.apart) return undefined;
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]!;
    // Rows come in order: those further up end above the piece.
    if (piece.middle - anchor(row[0]) > piece.height) return undefined;
    if (belongsTo(piece, row)) return row;
  }
  return undefined;
}

/** The nearest piece decides, so that a row may bend; what is below another piece is not, so that rows do not chain. */
function belongsTo(piece: Piece, row: readonly [Piece, ...Piece[]]): boolean {
  if (row[0].apart || row.some((other) => overlap(piece, other))) return false;
  const nearest = row.reduce((a, b) => (gap(piece, b) < gap(piece, a) ? b : a));
  return Math.abs(piece.middle - nearest.middle) < maxShift * Math.min(piece.height, nearest.height);
}

const gap = (a: Piece, b: Piece): number => Math.max(a.left, b.left) - Math.min(a.right, b.right);
const overlap = (a: Piece, b: Piece): boolean => -gap(a, b) > maxOverlap * Math.min(a.height, b.height);

function rowFrom(unordered: readonly [Piece, ...Piece[]]): Row {
  const pieces = unordered.toSorted((a, b) => a.left - b.left);
  const [left, right] = range(pieces.flatMap((piece) => [piece.left, piece.right]));
  const [top, bottom] = range(pieces.flatMap((piece) => [piece.top, piece.bottom]));
  const [, height] = range(pieces.map((piece) => piece.height));
  const text = pieces.reduce(
    (joined, piece, index) =>
      joinText(joined, piece.text, (piece.left - (pieces[index - 1]?.right ?? 0)) / (piece.height || 1)),
    '',
  );
  return { pieces, text, left, right, top, bottom, height, apart: unordered[0].apart };
}
