import { heightOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import type { LineJudge } from '../orientation/page-direction.ts';
import type { ReadLine } from './line-reader.ts';

/** Boxes at least so many times as high as wide may hold vertical text, or text on its side. */
const tallAspect = 1.5;
/** Up to this they may also hold a single narrow character. */
const narrowAspect = 3;
/** Mean probability of the characters above which a line has been read the right way. */
const sure = 0.9;
/** Below this a line is looked at from the other side too. */
const doubtful = 0.7;

/**
 * Reads a line that should run along the page's direction, however it lies.
 *
 * @param anyWay Whether the line may stand on its side or upside down.
 */
export async function readLine(quad: Quad, judge: LineJudge, anyWay: boolean): Promise<ReadLine> {
  const aspect = heightOf(quad) / widthOf(quad);
  if (aspect >= tallAspect) return readTall(quad, judge, { narrow: aspect < narrowAspect, anyWay });
  const line = await judge.read(quad);
  if (!anyWay || line.confidence >= doubtful) return line;
  return surer(line, await judge.read(turned(quad, 2)));
}

async function readTall(
  quad: Quad,
  judge: LineJudge,
  { narrow, anyWay }: { narrow: boolean; anyWay: boolean },
): Promise<ReadLine> {
  let best = narrow ? await judge.read(quad) : undefined;
  if (best !== undefined && best.confidence >= sure) return best;
  best = surer(best, await judge.readStacked(quad));
  if (best.confidence >= sure || !anyWay) return best;
  const down = turned(quad, 1);
  return surer(best, await judge.read((await judge.upsideDown(down)) < 0.5 ? down : turned(quad, 3)));
}

const surer = (first: ReadLine | undefined, second: ReadLine): ReadLine =>
  first === undefined || second.confidence > first.confidence ? second : first;
