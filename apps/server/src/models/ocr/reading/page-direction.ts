import { facing, heightOf, normaliseDegrees, type Quad, turned, widthOf } from '../geometry/quad.ts';
import { degreesBetweenAxes, dominantAxis, longAxisOf } from '../orientation/dominant-axis.ts';
import type { ReadLine, ReadsLines } from './line-reader.ts';
import { readLine } from './read-line.ts';

/** The longest lines decide; more of them seldom know better. */
const mostVoters = 5;
/** Reading a line costs more than classifying it, and so few tell. */
const mostReaders = 3;
const maxDeviation = 15;
/** Chinese in columns is read about as well lying on its side, so the upright way wins when it is this close a line. */
const uprightBonus = 0.05;

/**
 * Where the text of a page runs to: degrees clockwise from rightwards, -180 to 180. The axis is that of most of the
 * text; which way it runs, the classifier says of the longest lines, and reading them decides where that would turn
 * the page.
 */
export async function pageDirection(quads: readonly Quad[], reader: ReadsLines): Promise<number> {
  const axis = dominantAxis(quads);
  const lines = quads
    .filter((quad) => degreesBetweenAxes(longAxisOf(quad), axis) <= maxDeviation)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .map((quad) => facing(quad, axis))
    .slice(0, mostVoters);
  const sideways = Math.abs(axis) > 45;
  if (lines.length === 0 || (!sideways && (await isUpright(lines, reader)))) return axis;
  const readers = lines.slice(0, mostReaders);
  const ways = [
    { direction: axis, confidence: await confidence(readers, (quad) => reader.read(quad)) },
    { direction: axis + 180, confidence: await confidence(readers, (quad) => reader.read(turned(quad, 2))) },
  ];
  if (sideways) {
    const quarters = axis > 0 ? -1 : 1;
    const columns = await confidence(readers, (quad) => readLine(turned(quad, quarters), reader, false));
    ways.push({ direction: axis + 90 * quarters, confidence: columns + uprightBonus * readers.length });
  }
  const best = ways.reduce((a, b) => (b.confidence > a.confidence ? b : a));
  return normaliseDegrees(best.direction);
}

const lengthOf = (quad: Quad): number => Math.max(widthOf(quad), heightOf(quad));

/** Whether most of the lines are taken to stand upright. */
async function isUpright(lines: readonly Quad[], reader: ReadsLines): Promise<boolean> {
  let upright = 0;
  let upsideDown = 0;
  for (const line of lines) {
    if ((await reader.upsideDown(line)) < 0.5) upright += 1;
    else upsideDown += 1;
    if (Math.abs(upright - upsideDown) > mostVoters / 2) break;
  }
  return upright > upsideDown;
}

async function confidence(lines: readonly Quad[], read: (quad: Quad) => Promise<ReadLine>): Promise<number> {
  let sum = 0;
  for (const line of lines) sum += (await read(line)).confidence;
  return sum;
}
