import {
  directionOf,
  facing,
  heightOf,
  normaliseDegrees,
  partOf,
  type Quad,
  turned,
  widthOf,
} from '../geometry/quad.ts';
import { weightedMedian } from '../geometry/statistics.ts';
import { type LineReader, readLine } from './read-line.ts';

/** Boxes less than so many times as long as high do not show which way their text runs. */
const minAspect = 2;
const binDegrees = 5;
/** Lines within so many degrees of an axis belong to it. */
const maxDeviation = 15;

/** The longest lines are classified; more of them seldom change the vote. */
const maxVoters = 5;
/** Reading a line costs more than classifying it, so fewer are read, */
const maxReadLines = 3;
/** and fewer still when one way leads by so much confidence a line. */
const clearLead = 0.3;
/** In heights: the beginning of a line is as good as all of it. */
const beginningLength = 8;
/** Chinese in columns is read about as well lying on its side, so the upright way wins when it is this close a line. */
const uprightBonus = 0.05;

/** A direction in which the page may run, and how surely a line is read if it does. */
interface Candidate {
  readonly direction: number;
  readonly confidence: (line: Quad) => Promise<number>;
}

/**
 * Where the text of a page runs to: degrees clockwise from rightwards, -180 to 180. The axis is that of most of the
 * text. Which way it runs is decided by the classifier's vote on the longest lines; where the vote would turn the page,
 * or the text is on its side, by reading some of them each way.
 */
export async function pageDirection(quads: readonly Quad[], reader: LineReader): Promise<number> {
  const axis = dominantAxis(quads);
  const lines = quads
    .filter((quad) => degreesBetweenAxes(longAxisOf(quad), axis) <= maxDeviation)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .map((quad) => facing(quad, axis))
    .slice(0, maxVoters);
  const sideways = Math.abs(axis) > 45;
  if (lines.length === 0 || (!sideways && (await isUpright(lines, reader)))) return axis;
  const candidates: Candidate[] = [
    { direction: axis, confidence: async (line) => (await reader.read(line)).confidence },
    { direction: axis + 180, confidence: async (line) => (await reader.read(turned(line, 2))).confidence },
  ];
  if (sideways) {
    const quarters = axis > 0 ? -1 : 1;
    candidates.push({
      direction: axis + 90 * quarters,
      confidence: async (line) => (await readLine(turned(line, quarters), reader, false)).confidence + uprightBonus,
    });
  }
  return normaliseDegrees(await surestDirection(candidates, lines.slice(0, maxReadLines).map(beginningOf)));
}

/** The direction of a page that is known to be upright: degrees clockwise from rightwards, -45 to 45. */
export function uprightDirection(quads: readonly Quad[]): number {
  const lying = quads.filter((quad) => Math.abs(longAxisOf(quad)) <= 45);
  return dominantAxis(lying);
}

/**
 * The axis along which most of the text runs, by length: degrees clockwise from rightwards, above -90 and up to 90;
 * 0 where no box shows one.
 */
export function dominantAxis(quads: readonly Quad[]): number {
  const lines = quads
    .map((quad) => ({ axis: longAxisOf(quad), sides: [widthOf(quad), heightOf(quad)] }))
    .map(({ axis, sides }) => ({ axis, length: Math.max(...sides), aspect: Math.max(...sides) / Math.min(...sides) }))
    .filter(({ aspect }) => aspect >= minAspect);
  const weightNear = (axis: number): number =>
    lines.reduce((sum, line) => sum + (degreesBetweenAxes(line.axis, axis) <= maxDeviation ? line.length : 0), 0);
  const bins = Array.from({ length: 180 / binDegrees }, (_, bin) => bin * binDegrees);
  const commonest = bins.reduce((best, bin) => (weightNear(bin) > weightNear(best) ? bin : best), 0);
  return refined(commonest, lines);
}

/** Refines an axis by the median of the deviations from it, which a few boxes of several lines or of noise do not turn. */
function refined(axis: number, lines: readonly { axis: number; length: number }[]): number {
  const near = lines
    .map((line) => ({ value: normaliseDegrees(2 * (line.axis - axis)) / 2, weight: line.length }))
    .filter(({ value }) => Math.abs(value) <= maxDeviation);
  const degrees = normaliseDegrees(2 * (axis + weightedMedian(near))) / 2;
  return degrees === -90 ? 90 : degrees;
}

/** The side along which a box is longest: degrees clockwise from rightwards, above -90 and up to 90. */
export function longAxisOf(quad: Quad): number {
  const upright = facing(quad, 0);
  const direction = directionOf(upright) + (widthOf(upright) >= heightOf(upright) ? 0 : 90);
  return direction > 90 ? direction - 180 : direction;
}

/** Degrees between two axes, 0 to 90: an axis has no beginning and no end. */
export const degreesBetweenAxes = (a: number, b: number): number => Math.abs(normaliseDegrees(2 * (a - b))) / 2;

const lengthOf = (quad: Quad): number => Math.max(widthOf(quad), heightOf(quad));

/** Whether the classifier takes most of the lines to be upright. */
async function isUpright(lines: readonly Quad[], reader: LineReader): Promise<boolean> {
  let upright = 0;
  let upsideDown = 0;
  for (const line of lines) {
    if ((await reader.upsideDown(line)) < 0.5) upright += 1;
    else upsideDown += 1;
    if (Math.abs(upright - upsideDown) > maxVoters / 2) break;
  }
  return upright > upsideDown;
}

/** The direction that reads best, tried on one line after another until one leads clearly. */
async function surestDirection(candidates: readonly Candidate[], lines: readonly Quad[]): Promise<number> {
  const totals = candidates.map(({ direction, confidence }) => ({ direction, confidence, sum: 0 }));
  for (const [index, line] of lines.entries()) {
    for (const candidate of totals) candidate.sum += await candidate.confidence(line);
    totals.sort((a, b) => b.sum - a.sum);
    if (totals[0]!.sum - totals[1]!.sum >= clearLead * (index + 1)) break;
  }
  return totals[0]!.direction;
}

const beginningOf = (line: Quad): Quad =>
  partOf(line, 'across', 0, Math.min(1, (beginningLength * heightOf(line)) / widthOf(line)));
