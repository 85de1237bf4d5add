import { share } from './statistics.ts';
import type { TextColumn } from './text-column.ts';

/** In heights of the lower row: middles of one row differ by less, with descenders or without. */
const maxShift = 0.3;
/** Rows of a table stand level nearly all; rows of columns with distances of their own are so in two of five cases. */
const minLevel = 0.65;
/** In heights: narrower is no running text; the columns of newspapers have 25 letters, about 12 heights. */
const minTextWidth = 8;
const minTextRows = 3;
/** In heights: the rows of a column set end to end. Few and short ones might be a table all the same. */
const minTextLength = 40;
/** Of its rows; the others end paragraphs. */
const minFullRows = 0.6;
/** In heights: bullets, line numbers and prices are narrower. */
const minBlockWidth = 4;
const minNoteWidth = 3;
/** Numbers or labels beside text are what its rows are about. */
const maxCells = 0.5;
/** Cells of a table are about as many as there are rows; notes beside a text are far fewer. */
const maxNoteRows = 0.4;
/** In heights: rows of one note are no further apart; labels of paragraphs are. */
const maxNoteDistance = 2;

/** Whether neighbours are columns to be read one after the other, rather than cells of rows. */
export function standInColumns(left: TextColumn, right: TextColumn): boolean {
  const fewer = Math.min(left.rows.length, right.rows.length);
  if (fewer === 0) return true;
  if (fewer === 1 || isCells(left) || isCells(right)) return false;
  if (levelRows(left, right) < minLevel) return isBlock(left) && isBlock(right);
  if (isNote(left, right) || isNote(right, left)) return true;
  return isLongText(left) && isLongText(right);
}

/** Rows that are not level with their neighbours need only be no prices or bullets. */
const isBlock = ({ width }: TextColumn): boolean => width >= minBlockWidth;

const isLongText = (column: TextColumn): boolean =>
  column.rows.length >= minTextRows && column.rows.length * column.width >= minTextLength && isRunningText(column);

const isCells = (column: TextColumn): boolean => column.numericRows > maxCells || column.labelRows > maxCells;

const isRunningText = (column: TextColumn): boolean =>
  column.width >= minTextWidth && column.fullRows >= minFullRows && column.continues !== false;

/** Which part of the rows of the shorter column stand level with a row of the other. */
function levelRows(a: TextColumn, b: TextColumn): number {
  const [few, many] = a.rows.length <= b.rows.length ? [a, b] : [b, a];
  return share(few.rows, (row) =>
    many.rows.some((other) => Math.abs(row.middle - other.middle) < maxShift * Math.min(row.height, other.height)),
  );
}

/** Whether a column is a few rows of remark beside running text. */
function isNote(note: TextColumn, text: TextColumn): boolean {
  const distances = note.rows.slice(1).map((row, before) => row.middle - note.rows[before]!.middle);
  return (
    isRunningText(text) &&
    note.width >= minNoteWidth &&
    note.rows.length <= maxNoteRows * text.rows.length &&
    share(distances, (distance) => distance < maxNoteDistance * note.height) > 0.5
  );
}
