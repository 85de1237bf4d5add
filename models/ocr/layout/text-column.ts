import type { Piece } from './piece.ts';
import type { Row } from './row.ts';
import { median, quantile, share } from './statistics.ts';

/** What tells a column of running text from one of cells. Lengths are in heights of its text. */
export interface TextColumn {
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

/** The column at the left or the right side of rows; there may be further ones behind it. */
export function columnAt(side: 'left' | 'right', all: readonly Row[]): TextColumn {
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

/** Rows of one column that break within sentences begin in lower case far more often than cells of a table do. */
const minContinued = 0.15;

function continues(texts: readonly string[]): boolean | undefined {
  const cased = texts.filter((text) => /^\P{L}*[\p{Lu}\p{Ll}]/u.test(text) && /\p{Ll}/u.test(text));
  if (cased.length < texts.length / 2) return undefined;
  return share(cased, (text) => /^\P{L}*\p{Ll}/u.test(text)) >= minContinued;
}

function isNumeric(text: string): boolean {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  return digits > 0 && digits >= (text.match(/\p{L}/gu)?.length ?? 0);
}
