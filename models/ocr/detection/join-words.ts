import { smallestQuad } from '../geometry/bounding-quad.ts';
import { degreesBetween, directionOf, facing, type Point, type Quad } from '../geometry/quad.ts';

/** Words closer than this, in heights of the lower one, belong to one line; a space is about 0.3 between grown boxes. */
const maxGap = 0.5;
/** How much of the lower box's height must overlap the other's. */
const minOverlap = 0.7;
/** Words of one line have heights that differ by no more than this factor. */
const maxHeightRatio = 1.5;
/** Words of one line run in directions that differ by no more than this many degrees. */
const maxTurn = 10;

/** Boxes more than so many times as high as wide hold a column of characters, or a single one that is narrow. */
const maxAspect = 3;

/** A box smaller than this share of a line's height, within the line's box, is a full stop or a dot found twice. */
const maxSpeck = 0.5;

/** A box as the page's direction of reading sees it: `left` to `right` along it, `top` to `bottom` across. */
interface Placed {
  readonly quad: Quad;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Joins boxes that follow each other on one line: the detector often finds large words one by one. */
export function joinWords(quads: readonly Quad[], direction: number): Quad[] {
  const lines: { words: Placed[]; lastWord: Placed }[] = [];
  const boxes = quads.map((quad) => place(quad, direction)).toSorted((a, b) => a.left - b.left);
  for (const word of boxes.filter((box) => !boxes.some((line) => isSpeckOf(box, line)))) {
    const found = lines.find(({ lastWord }) => follows(word, lastWord));
    if (found === undefined) lines.push({ words: [word], lastWord: word });
    else {
      found.words.push(word);
      found.lastWord = word;
    }
  }
  return lines.map(({ words, lastWord }) =>
    words.length === 1 ? lastWord.quad : facing(smallestQuad(words.flatMap(({ quad }) => [...quad])), direction),
  );
}

function follows(word: Placed, previous: Placed): boolean {
  if (isColumn(word) || isColumn(previous)) return false;
  const lower = Math.min(height(word), height(previous));
  const higher = Math.max(height(word), height(previous));
  const overlap = Math.min(word.bottom, previous.bottom) - Math.max(word.top, previous.top);
  return (
    word.left - previous.right < maxGap * lower &&
    word.right > previous.right &&
    overlap >= minOverlap * lower &&
    higher <= maxHeightRatio * lower &&
    Math.abs(degreesBetween(directionOf(word.quad), directionOf(previous.quad))) <= maxTurn
  );
}

function isSpeckOf(box: Placed, line: Placed): boolean {
  const middle = (box.left + box.right) / 2;
  return (
    Math.max(height(box), box.right - box.left) < maxSpeck * Math.min(height(line), line.right - line.left) &&
    middle > line.left &&
    middle < line.right &&
    box.top >= line.top &&
    box.bottom <= line.bottom
  );
}

const isColumn = (box: Placed): boolean => height(box) > maxAspect * (box.right - box.left);

const height = ({ top, bottom }: Placed): number => bottom - top;

/** Edges through the middle of the sides, so that a box that leans is no higher than its text. */
function place(quad: Quad, direction: number): Placed {
  const radians = (direction * Math.PI) / 180;
  const across = ({ x, y }: Point): number => x * Math.cos(radians) + y * Math.sin(radians);
  const down = ({ x, y }: Point): number => y * Math.cos(radians) - x * Math.sin(radians);
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  const mean = (a: number, b: number): number => (a + b) / 2;
  return {
    quad,
    left: mean(across(topLeft), across(bottomLeft)),
    right: mean(across(topRight), across(bottomRight)),
    top: mean(down(topLeft), down(topRight)),
    bottom: mean(down(bottomLeft), down(bottomRight)),
  };
}
