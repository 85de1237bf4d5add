import { median, quantile, share } from '../geometry/statistics.ts';
import type { Piece } from './pieces.ts';
import type { Row } from './rows.ts';

/** What distinguishes a column of running text from one of cells. Lengths are in heights of its text. */
interface TextColumn {
  readonly rows: readonly Piece[];
  readonly height: number;
  /** Of its middle row. */
  readonly width: number;
  /** Which part of its rows reach nearly across. */
  readonly fullRows: number;
  /** Which part of its rows are amounts, dates or numbers rather than words. */
  readonly numericRows: number;
  /** Which part of its rows are labels: "name:". */
  readonly labelRows: number;
  /** Whether rows break within sentences: some begin in lower case; undefined where its script has no case. */
  readonly continues: boolean | undefined;
}

/** Ragged rows of running text lack up to a long word. */
const fullRow = 0.75;
/** The widest rows may stick out. */
const columnWidth = 0.9;

/** Rows of one column that break within sentences begin in lower case far more often than cells of a table do. */
const minContinued = 0.15;

/** In heights of the lower row: middles of one row differ by less, with descenders or without. */
const maxShift = 0.3;
/** Rows of a table are level nearly all; rows of columns with distances of their own are so in two of five cases. */
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

/**
 * Whether neighbours are columns to be read one after the other, rather than cells of the rows of a table. On either
 * side there may be further columns.
 */
export function areColumns(rowsOnLeft: readonly Row[], rowsOnRight: readonly Row[]): boolean {
  const [left, right] = [columnAt('right', rowsOnLeft), columnAt('left', rowsOnRight)];
  const fewer = Math.min(left.rows.length, right.rows.length);
  if (fewer === 0) return true;
  if (fewer === 1 || isCells(left) || isCells(right)) return false;
  if (levelRows(left, right) < minLevel) return isBlock(left) && isBlock(right);
  if (isNote(left, right) || isNote(right, left)) return true;
  return isLongText(left) && isLongText(right);
}

/** The column at the left or the right side of rows; there may be further ones behind it. */
function columnAt(side: 'left' | 'right', all: readonly Row[]): TextColumn {
  const rows = all.filter(({ apart }) => !apart).map(({ pieces }) => pieces.at(side === 'left' ? 0 : -1)!);
  const height = median(rows.map((row) => row.height)) || 1;
  const widths = rows.map(({ left, right }) => right - left);
  const full = fullRow * quantile(widths, columnWidth);
  return {
    rows,
    height,
    width: median(widths) / height,
    fullRows: share(widths, (width) => width >= full),
    numericRows: share(rows, ({ text }) => isNumeric(text)),
    labelRows: share(rows, ({ text }) => /[:：]\s*$/u.test(text)),
    continues: continues(rows.map(({ text }) => text)),
  };
}

/** Whether rows break within sentences; undefined where their script has no case. */
function continues(texts: readonly string[]): boolean | undefined {
  const cased = texts.filter((text) => /^\P{L}*[\p{Lu}\p{Ll}]/u.test(text) && /\p{Ll}/u.test(text));
  if (cased.length < texts.length / 2) return undefined;
  return share(cased, (text) => /^\P{L}*\p{Ll}/u.test(text)) >= minContinued;
}

function isNumeric(text: string): boolean {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  return digits > 0 && digits >= (text.match(/\p{L}/gu)?.length ?? 0);
}

/** Rows that are not level with their neighbours need only be no prices or bullets. */
const isBlock = ({ width }: TextColumn): boolean => width >= minBlockWidth;

const isLongText = (column: TextColumn): boolean =>
  column.rows.length >= minTextRows && column.rows.length * column.width >= minTextLength && isRunningText(column);

const isCells = (column: TextColumn): boolean => column.numericRows > maxCells || column.labelRows > maxCells;

const isRunningText = (column: TextColumn): boolean =>
  column.width >= minTextWidth && column.fullRows >= minFullRows && column.continues !== false;

/** Which part of the rows of the shorter column are level with a row of the other. */
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
