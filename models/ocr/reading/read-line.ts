import { heightOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import type { ReadLine, ReadsLines } from './line-reader.ts';

/** Boxes at least so many times as high as wide may hold vertical text, or text on its side. */
const tallAspect = 1.5;
/** Up to this they may also hold a single narrow character. */
const narrowAspect = 3;
/** Mean probability of the characters above which a line has been read the right way. */
const sure = 0.9;
/** Below this a line is looked at from the other side too. */
const doubtful = 0.7;
/** By how much it must read better from there, */
const clearlyBetter = 0.1;
/** and with how many characters: a few look much the same from both sides. */
const tellingCharacters = 3;

/**
 * Reads a line that should run along the page's direction, however it lies.
 *
 * @param anyWay Whether the line may stand on its side or upside down.
 */
export async function readLine(quad: Quad, reader: ReadsLines, anyWay: boolean): Promise<ReadLine> {
  const aspect = heightOf(quad) / widthOf(quad);
  if (aspect >= tallAspect) return readTall(quad, reader, { narrow: aspect < narrowAspect, anyWay });
  const line = await reader.read(quad);
  if (!anyWay || line.confidence >= doubtful) return line;
  const upsideDown = await reader.read(turned(quad, 2));
  const tells = Math.max(line.characters.length, upsideDown.characters.length) >= tellingCharacters;
  return tells && upsideDown.confidence >= line.confidence + clearlyBetter ? upsideDown : line;
}

async function readTall(
  quad: Quad,
  reader: ReadsLines,
  { narrow, anyWay }: { narrow: boolean; anyWay: boolean },
): Promise<ReadLine> {
  let best = narrow ? await reader.read(quad) : undefined;
  if (best !== undefined && best.confidence >= sure) return best;
  best = surer(best, await reader.readStacked(quad));
  if (best.confidence >= sure || !anyWay) return best;
  const down = turned(quad, 1);
  return surer(best, await reader.read((await reader.upsideDown(down)) < 0.5 ? down : turned(quad, 3)));
}

const surer = (first: ReadLine | undefined, second: ReadLine): ReadLine =>
  first === undefined || second.confidence > first.confidence ? second : first;
