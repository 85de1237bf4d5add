import { median, quantile, share } from '../geometry/statistics.ts';
import type { Row } from './rows.ts';

/** Rows on each side that show what is usual here: perspective and sections change it over a page. */
const neighbourhood = 6;

/** The quantile taken for the usual distance: where paragraphs have two or three rows, not most rows follow within one. */
const usualShare = 0.3;
/** Half an empty line between single-spaced ones is 1.4 times the usual distance; uneven rows stay below. */
const minDistanceRatio = 1.4;
/** In heights, so that rows set solid, with distances of about one, do not break by the noise of their boxes. */
const minExcess = 0.35;
/** In heights: single spacing is 1.1 to 1.4 between boxes; with hardly any other rows to compare, more is a gap. */
const singleSpacing = 1.5;
const minDistances = 2;

/** In heights: a first row is indented by an em or two; by more than this it is a cell, or is centred. */
const minIndent = 0.7;
const maxIndent = 5;
/** In heights: how far left edges of one margin differ. */
const marginTolerance = 0.5;
/** Where fewer rows are at the margin, they are first rows that hang, or verse. */
const minAtMargin = 0.6;
const minRows = 3;

/** The height of a box and the width of its characters both grow with the type; headings are set 1.25 times larger. */
const minSizeRatio = 1.5;
/** Boxes are lower without ascenders, too, and some faces are narrow: neither is enough. */
const minRatioOfEach = 1.15;

/** Advance widths in heights of the type, by and large those of Helvetica and Times (Adobe's font metrics). */
const advanceWidths: readonly (readonly [RegExp, number])[] = [
  [/[iljtfrI1.,:;'!|()[\]\s-]/u, 0.3],
  [/[mwMW@%]/u, 0.85],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u, 1],
  [/\p{Lu}/u, 0.67],
];
const defaultAdvanceWidth = 0.52;

/** Parts a block where rows are further apart than usual, type changes its size or a row is indented. */
export function paragraphsOf(rows: readonly Row[]): Row[][] {
  const paragraphs: Row[][] = [];
  for (const [index, row] of rows.entries()) {
    const last = paragraphs.at(-1);
    if (last === undefined || startsParagraph(rows, index)) paragraphs.push([row]);
    else last.push(row);
  }
  return paragraphs;
}

function startsParagraph(rows: readonly Row[], index: number): boolean {
  const [previous, row] = [rows[index - 1]!, rows[index]!];
  return (
    previous.apart ||
    row.apart ||
    isFurther(rows, index) ||
    isOtherType(previous, row) ||
    isIndented(rows.slice(Math.max(0, index - neighbourhood), index + neighbourhood), row)
  );
}

/** Whether the row is further from the one above than is usual nearby. */
function isFurther(rows: readonly Row[], index: number): boolean {
  const before = rows.slice(Math.max(0, index - neighbourhood), index);
  const after = rows.slice(index, index + neighbourhood);
  const height = median([...before, ...after].map((row) => row.height));
  const distance = distanceBetween(rows[index - 1]!, rows[index]!);
  // Rows above may be set closer than those below; the larger distance is that of one of the two.
  const sides = [distances(before), distances(after)].filter(({ length }) => length >= minDistances);
  const all = distances([...before, ...after]);
  const usual =
    sides.length > 0
      ? Math.max(...sides.map((side) => quantile(side, usualShare)))
      : Math.min(quantile(all, usualShare), all.length < minDistances ? singleSpacing * height : Infinity);
  return distance > minDistanceRatio * usual && distance - usual > minExcess * height;
}

const distances = (rows: readonly Row[]): number[] =>
  rows.slice(1).map((row, before) => distanceBetween(rows[before]!, row));

/** Tops are off where a row has no ascenders, bottoms where it has no descenders; a gap moves both. */
const distanceBetween = (above: Row, below: Row): number =>
  Math.min(below.top - above.top, below.bottom - above.bottom);

/** Whether two rows are set in type of different size, as a heading and its text are. */
const isOtherType = (a: Row, b: Row): boolean => isLarger(a, b) || isLarger(b, a);

function isLarger(a: Row, b: Row): boolean {
  const height = a.height / b.height;
  if (!(height > minRatioOfEach)) return false;
  const width = characterWidth(a) / characterWidth(b);
  return width > minRatioOfEach && height * width > minSizeRatio;
}

/** In units of the page, for a character that is as wide as the type is high. */
function characterWidth({ pieces }: Row): number {
  const widest = pieces.reduce((a, b) => (b.right - b.left > a.right - a.left ? b : a));
  return (widest.right - widest.left) / widthInType(widest.text);
}

/** How wide a text is set in type of height 1, roughly: enough to compare sizes of type by the widths of texts. */
const widthInType = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + advanceWidth(character), 0);

const advanceWidth = (character: string): number =>
  advanceWidths.find(([pattern]) => pattern.test(character))?.[1] ?? defaultAdvanceWidth;

/** Whether the row is the indented first row of a paragraph, judged by the rows around it in order. */
function isIndented(nearby: readonly Row[], row: Row): boolean {
  if (nearby.length < minRows || nearby.some(({ pieces }) => pieces.length > 1)) return false;
  const index = nearby.indexOf(row);
  const [previous, next] = [nearby[index - 1], nearby[index + 1]];
  if (previous === undefined) return false;
  // In perspective a margin leans.
  const lean = median(nearby.slice(1).map(({ left }, before) => left - nearby[before]!.left));
  const indent = (other: Row): number =>
    (other.left - previous.left - lean * (nearby.indexOf(other) - index + 1)) / row.height;
  return (
    indent(row) > minIndent &&
    indent(row) < maxIndent &&
    (next === undefined || indent(row) - indent(next) > minIndent) &&
    share(nearby, (other) => Math.abs(indent(other)) < marginTolerance) >= minAtMargin
  );
}
