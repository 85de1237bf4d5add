import type { Row } from './row.ts';
import { share } from './statistics.ts';

/** In heights: a first row is indented by an em or two; by more than this it is a cell, or stands centred. */
const minIndent = 0.7;
const maxIndent = 5;
/** In heights: how far left edges of one margin differ. */
const tolerance = 0.5;
/** Where fewer rows stand at the margin, they are first rows that hang, or verse. */
const minAtMargin = 0.6;
/** Indented rows reach this part of the width, or the row after them is at the margin. */
const minRows = 3;

/** Whether the row is the indented first row of a paragraph, judged by the rows around it in order. */
export function isIndented(nearby: readonly Row[], row: Row): boolean {
  if (nearby.length < minRows || nearby.some(({ pieces }) => pieces.length > 1)) return false;
  const index = nearby.indexOf(row);
  const [previous, next] = [nearby[index - 1], nearby[index + 1]];
  const isBehind = (other: Row): boolean => {
    const indent = (row.left - other.left) / row.height;
    return indent > minIndent && indent < maxIndent;
  };
  return (
    previous !== undefined &&
    isBehind(previous) &&
    (next === undefined || isBehind(next)) &&
    share(nearby, (other) => other.left < previous.left + tolerance * row.height) >= minAtMargin
  );
}
