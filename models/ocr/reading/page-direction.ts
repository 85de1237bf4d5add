import { facing, heightOf, normaliseDegrees, partOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import { degreesBetweenAxes, dominantAxis, longAxisOf } from '../orientation/dominant-axis.ts';
import type { ReadsLines } from './line-reader.ts';
import { readLine } from './read-line.ts';

/** The longest lines decide; more of them seldom know better. */
const mostVoters = 5;
/** Reading a line costs more than classifying it, and so few tell, */
const mostReaders = 3;
/** or fewer, when one way reads better than any other by so much confidence a line. */
const clearLead = 0.3;
/** In heights: the beginning of a line tells as much as all of it. */
const beginning = 8;
const maxDeviation = 15;
/** Chinese in columns is read about as well lying on its side, so the upright way wins when it is this close a line. */
const uprightBonus = 0.05;

/** A direction in which the page may run, and how surely a line is read if it does. */
interface Way {
  readonly direction: number;
  readonly confidence: (line: Quad) => Promise<number>;
}

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
  const ways: Way[] = [
    { direction: axis, confidence: async (line) => (await reader.read(line)).confidence },
    { direction: axis + 180, confidence: async (line) => (await reader.read(turned(line, 2))).confidence },
  ];
  if (sideways) {
    const quarters = axis > 0 ? -1 : 1;
    ways.push({
      direction: axis + 90 * quarters,
      confidence: async (line) => (await readLine(turned(line, quarters), reader, false)).confidence + uprightBonus,
    });
  }
  return normaliseDegrees(await surestWay(ways, lines.slice(0, mostReaders).map(beginningOf)));
}

/** The direction that reads best, tried on one line after the other until one leads clearly. */
async function surestWay(ways: readonly Way[], lines: readonly Quad[]): Promise<number> {
  const tries = ways.map(({ direction, confidence }) => ({ direction, confidence, sum: 0 }));
  for (const [index, line] of lines.entries()) {
    for (const way of tries) way.sum += await way.confidence(line);
    tries.sort((a, b) => b.sum - a.sum);
    if (tries[0]!.sum - tries[1]!.sum >= clearLead * (index + 1)) break;
  }
  return tries[0]!.direction;
}

const beginningOf = (line: Quad): Quad =>
  partOf(line, 'across', 0, Math.min(1, (beginning * heightOf(line)) / widthOf(line)));

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
