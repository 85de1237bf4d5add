import type { Row } from './row.ts';
import { median, share } from './statistics.ts';

/** In heights: a first row is indented by an em or two; by more than this it is a cell, or stands centred. */
const minIndent = 0.7;
const maxIndent = 5;
/** In heights: how far left edges of one margin differ. */
const tolerance = 0.5;
/** Where fewer rows stand at the margin, they are first rows that hang, or verse. */
const minAtMargin = 0.6;
const minRows = 3;

/** Whether the row is the indented first row of a paragraph, judged by the rows around it in order. */
export function isIndented(nearby: readonly Row[], row: Row): boolean {
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
    share(nearby, (other) => Math.abs(indent(other)) < tolerance) >= minAtMargin
  );
}
