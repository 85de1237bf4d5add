import { findColumns } from './find-columns.ts';
import type { Piece } from './piece.ts';

/**
 * Parts a page into blocks that are read row by row, in reading order: what stands above columns, each column, what
 * stands below them, and so on within each.
 */
export function sections(pieces: readonly Piece[]): (readonly Piece[])[] {
  const found = findColumns(pieces);
  if (found === undefined) return pieces.length === 0 ? [] : [pieces];
  return [found.above, ...found.columns, found.below].flatMap(sections);
}
