import type { Point } from '../geometry/quad.ts';
import { median } from '../geometry/statistics.ts';
import { end, length, type Outline, start, thickness } from './outlines.ts';

/** Lines this many thicknesses long show their slope to a degree or so. */
const minElongation = 4;
/** Enough to outvote a few wrong ones, and few enough to compare every pair. */
const maxLines = 64;
const minLines = 4;
/** Slopes of lines closer than this, in pages, differ by noise only. */
const minDistance = 0.05;
/** Perspective must explain the slopes at least this much better than skew alone does. */
const minImprovement = 0.6;
/** Beyond this the page would be seen from below its edge; then it is no perspective. */
const maxConvergence = 0.6;

/** Gives points the same y where they are on the same row. */
export type Straightening = (point: Point) => Point;

interface Line {
  readonly slope: number;
  /** Where it crosses the centre of the page. */
  readonly height: number;
}

/**
 * Undoes perspective: level lines of a plane all meet in one point of the picture, so their slope grows evenly from row
 * to row. The growth is the median over pairs of long lines (Theil and Sen), which a third of wrong lines cannot move.
 */
export function straightening(outlines: readonly Outline[]): Straightening {
  const long = outlines
    .filter((outline) => length(outline) > minElongation * thickness(outline))
    .toSorted((a, b) => length(b) - length(a))
    .slice(0, maxLines);
  if (long.length < minLines) return (point) => point;
  const centre = median(long.map((outline) => (start(outline).x + end(outline).x) / 2));
  const lines = long.map((outline) => lineThrough(start(outline), end(outline), centre));
  const growth = slopeGrowth(lines);
  const slope = median(lines.map((line) => line.slope - growth * line.height));
  return ({ x, y }) => ({
    x,
    y: (y - slope * (x - centre)) / Math.max(1 + growth * (x - centre), 1 - maxConvergence),
  });
}

function lineThrough(from: Point, to: Point, centre: number): Line {
  const slope = to.x === from.x ? 0 : (to.y - from.y) / (to.x - from.x);
  return { slope, height: from.y + slope * (centre - from.x) };
}

/** By how much the slope grows from row to row; 0 where that explains the slopes hardly better. */
function slopeGrowth(lines: readonly Line[]): number {
  const growths = lines.flatMap((a, index) =>
    lines
      .slice(index + 1)
      .filter((b) => Math.abs(b.height - a.height) > minDistance)
      .map((b) => (b.slope - a.slope) / (b.height - a.height)),
  );
  const growth = median(growths);
  if (Math.abs(growth) > maxConvergence) return 0;
  return deviation(lines, growth) < minImprovement * deviation(lines, 0) ? growth : 0;
}

function deviation(lines: readonly Line[], growth: number): number {
  const slopes = lines.map(({ slope, height }) => slope - growth * height);
  const middle = median(slopes);
  return median(slopes.map((slope) => Math.abs(slope - middle)));
}
