import type { Box } from './box.ts';

/**
 * Sorts boxes as a straight upright page is read: rows from top to bottom, in a row from left to right.
 * Two boxes share a row when the middle of either lies within the height of the other. A row is as high as its first
 * box, so that columns with staggered lines do not chain into one row.
 */
export function inReadingOrder(boxes: readonly Box[]): Box[] {
  const rows: [Box, ...Box[]][] = [];
  for (const box of boxes.toSorted((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    if (row !== undefined && shareRow(row[0], box)) row.push(box);
    else rows.push([box]);
  }
  return rows.flatMap((row) => row.toSorted((a, b) => a.left - b.left));
}

const middle = (box: Box): number => (box.top + box.bottom) / 2;

const shareRow = (a: Box, b: Box): boolean => contains(a, middle(b)) && contains(b, middle(a));

const contains = (box: Box, y: number): boolean => box.top <= y && y < box.bottom;
