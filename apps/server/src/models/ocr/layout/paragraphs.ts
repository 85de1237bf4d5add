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
/** In heights: what a lone pair of rows is taken to be usual; single spacing is 1.1 to 1.4 between boxes. */
const singleSpacing = 1.5;
/** In heights: no two rows of one paragraph are this far apart, unless all of the block are. */
const minRows = 3;

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
  const nearby = rows.slice(Math.max(0, index - neighbourhood), index + neighbourhood).filter((row) => !row.apart);
  const height = median(nearby.map((row) => row.height));
  const distances = nearby.slice(1).map((row, before) => row.middle - nearby[before]!.middle);
  const distance = rows[index]!.middle - rows[index - 1]!.middle;
  const measured = quantile(distances, usualShare);
  const usual = nearby.length < minRows ? Math.min(measured, singleSpacing * height) : measured;
  return distance > minRatio * usual && distance - usual > minExcess * height;
}
