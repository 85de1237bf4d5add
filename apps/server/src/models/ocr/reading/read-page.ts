import { joinWords } from '../detection/join-words.ts';
import { regionBox } from '../detection/region-box.ts';
import type { TextRegion } from '../detection/text-regions.ts';
import { degreesBetween, directionOf, normaliseDegrees } from '../geometry/quad.ts';
import { uprightDirection } from '../orientation/dominant-axis.ts';
import { type LineJudge, pageDirection } from '../orientation/page-direction.ts';
import type { ReadLine } from './line-reader.ts';
import { readLine } from './read-line.ts';

export interface ReadPage {
  /** In no particular order. */
  readonly lines: readonly ReadLine[];
  /** Degrees, to a tenth, by which the page must be turned clockwise for its text to stand upright. */
  readonly angle: number;
}

/** @param anyWay Whether the page and its lines may lie on their side or upside down. */
export async function readPage(regions: readonly TextRegion[], judge: LineJudge, anyWay: boolean): Promise<ReadPage> {
  const boxes = regions.map((region) => regionBox(region, 0));
  const direction = anyWay ? await pageDirection(boxes, judge) : uprightDirection(boxes);
  const quads = joinWords(
    regions.map((region) => regionBox(region, direction)),
    direction,
  );
  const lines: ReadLine[] = [];
  for (const quad of quads) lines.push(await readLine(quad, judge, anyWay));
  return { lines, angle: angleOf(mostReadTurned(lines, direction) ? direction + 180 : direction) };
}

/** Whether most of the text could only be read from the other side. */
function mostReadTurned(lines: readonly ReadLine[], direction: number): boolean {
  let sum = 0;
  for (const { polygon, text, vertical } of lines) {
    if (!vertical) sum += Math.abs(degreesBetween(directionOf(polygon), direction)) > 90 ? text.length : -text.length;
  }
  return sum > 0;
}

/** Never -0. */
const angleOf = (direction: number): number => Math.round(normaliseDegrees(-direction) * 10) / 10 + 0;
