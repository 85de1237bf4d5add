import { isIndented } from './indent.ts';
import type { Row } from './row.ts';
import { median, quantile } from './statistics.ts';
import { isOtherType } from './type-size.ts';

/** Rows on each side that tell what is usual here: perspective and sections change it over a page. */
const neighbourhood = 6;
/** Most rows follow within a paragraph, yet where paragraphs have two or three rows, not most by far. */
const usualShare = 0.3;
/** Half an empty line between single-spaced ones is 1.4 times the distance; uneven rows stay below. */
const minRatio = 1.4;
/** In heights, so that rows set solid, with distances of about one, do not break by the noise of their boxes. */
const minExcess = 0.35;
/** In heights: single spacing is 1.1 to 1.4 between boxes; what is more where hardly any other rows can be asked. */
const singleSpacing = 1.5;
const minDistances = 2;

/** Parts a block where rows stand further apart than usual, type changes its size or a row is indented. */
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
  return distance > minRatio * usual && distance - usual > minExcess * height;
}

const distances = (rows: readonly Row[]): number[] =>
  rows.slice(1).map((row, before) => distanceBetween(rows[before]!, row));

/** Tops are off where a row has no ascenders, bottoms where it has no descenders; a gap moves both. */
const distanceBetween = (above: Row, below: Row): number =>
  Math.min(below.top - above.top, below.bottom - above.bottom);
