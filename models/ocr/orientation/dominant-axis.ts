import { directionOf, facing, heightOf, normaliseDegrees, type Quad, widthOf } from '../geometry/quad.ts';
import { weightedMedian } from '../geometry/weighted-median.ts';

/** Boxes less than so many times as long as high do not show which way their text runs. */
const minAspect = 2;
const binDegrees = 5;
/** Lines within so many degrees of the commonest axis belong to it. */
const spread = 15;

/** The side along which a box is longest: degrees clockwise from rightwards, above -90 and up to 90. */
export function longAxisOf(quad: Quad): number {
  const upright = facing(quad, 0);
  const direction = directionOf(upright) + (widthOf(upright) >= heightOf(upright) ? 0 : 90);
  return direction > 90 ? direction - 180 : direction;
}

/** Degrees between two axes, 0 to 90: an axis has no beginning and no end. */
export const degreesBetweenAxes = (a: number, b: number): number => Math.abs(normaliseDegrees(2 * (a - b))) / 2;

/**
 * The axis along which most of the text runs, in length: degrees clockwise from rightwards, above -90 and up to 90;
 * 0 where no box shows one.
 */
export function dominantAxis(quads: readonly Quad[]): number {
  const lines = quads
    .map((quad) => ({ axis: longAxisOf(quad), sides: [widthOf(quad), heightOf(quad)] }))
    .map(({ axis, sides }) => ({ axis, length: Math.max(...sides), aspect: Math.max(...sides) / Math.min(...sides) }))
    .filter(({ aspect }) => aspect >= minAspect);
  const weightNear = (axis: number): number =>
    lines.reduce((sum, line) => sum + (degreesBetweenAxes(line.axis, axis) <= spread ? line.length : 0), 0);
  const bins = Array.from({ length: 180 / binDegrees }, (_, bin) => bin * binDegrees);
  const commonest = bins.reduce((best, bin) => (weightNear(bin) > weightNear(best) ? bin : best), 0);
  return refined(commonest, lines);
}

/** By the median of the deviations from it: a few boxes of several lines or of rubbish do not turn it. */
function refined(axis: number, lines: readonly { axis: number; length: number }[]): number {
  const near = lines
    .map((line) => ({ value: normaliseDegrees(2 * (line.axis - axis)) / 2, weight: line.length }))
    .filter(({ value }) => Math.abs(value) <= spread);
  const degrees = normaliseDegrees(2 * (axis + weightedMedian(near))) / 2;
  return degrees === -90 ? 90 : degrees;
}

/** The direction of a page that is known to be upright: degrees clockwise from rightwards, -45 to 45. */
export function uprightDirection(quads: readonly Quad[]): number {
  const lying = quads.filter((quad) => Math.abs(longAxisOf(quad)) <= 45);
  return dominantAxis(lying);
}
