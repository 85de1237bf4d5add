import { joinWords } from '../detection/join-words.ts';
import { regionBox, type TextRegion } from '../detection/text-regions.ts';
import { degreesBetween, directionOf, normaliseDegrees } from '../geometry/quad.ts';
import { dominantAxis, pageDirection, uprightDirection } from './page-direction.ts';
import { type LineReader, type ReadLine, readLine } from './read-line.ts';

export interface ReadPage {
  /** In no particular order. */
  readonly lines: readonly ReadLine[];
  /** Degrees, to a tenth, by which the page must be turned clockwise for its text to be upright. */
  readonly angle: number;
}

/** The detector finds text that lies level or is on its side, give or take so many degrees. */
const maxLean = 10;

/**
 * Finds and reads the lines of a page. Text that leans is looked for once more, with the page turned.
 *
 * @param detect Finds the text of the page, turned back by some degrees.
 * @param detectOrientation Whether the page and its lines may lie on their side or upside down.
 */
export async function readPage(
  detect: (tilt: number) => Promise<readonly TextRegion[]>,
  reader: LineReader,
  detectOrientation: boolean,
): Promise<ReadPage> {
  let regions = await detect(0);
  const axis = dominantAxis(regions.map((region) => regionBox(region, 0)));
  const leans = Math.abs(axis - 90 * Math.round(axis / 90)) > maxLean;
  if (leans) regions = await detect(axis);
  const boxes = regions.map((region) => regionBox(region, leans ? axis : 0));
  const direction = detectOrientation ? await pageDirection(boxes, reader) : uprightDirection(boxes);
  const quads = joinWords(
    regions.map((region) => regionBox(region, direction)),
    direction,
  );
  const lines: ReadLine[] = [];
  for (const quad of quads) lines.push(await readLine(quad, reader, detectOrientation));
  return { lines, angle: angleOf(isMostlyUpsideDown(lines, direction) ? direction + 180 : direction) };
}

/** Whether most of the text could only be read from the other side. */
function isMostlyUpsideDown(lines: readonly ReadLine[], direction: number): boolean {
  let sum = 0;
  for (const { polygon, text, vertical } of lines) {
    if (!vertical) sum += Math.abs(degreesBetween(directionOf(polygon), direction)) > 90 ? text.length : -text.length;
  }
  return sum > 0;
}

/** Above -180 up to 180, and never -0. */
function angleOf(direction: number): number {
  const angle = Math.round(normaliseDegrees(-direction) * 10) / 10 + 0;
  return angle === -180 ? 180 : angle;
}
