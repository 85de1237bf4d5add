import type { Box } from '../box.ts';

/** Words closer than this, in heights of the lower one, belong to one line; a space is about 0.3 between grown boxes. */
const maxGap = 0.5;
/** How much of the lower box's height must overlap the other's. */
const minOverlap = 0.7;
/** Words of one line have heights that differ by no more than this factor. */
const maxHeightRatio = 1.5;

/** Joins boxes that follow each other on one line: detection often finds large words one by one. */
export function joinWords(boxes: readonly Box[]): Box[] {
  const lines: { line: Box; lastWord: Box }[] = [];
  for (const word of boxes.toSorted((a, b) => a.left - b.left)) {
    const found = lines.find(({ lastWord }) => follows(word, lastWord));
    if (found === undefined) lines.push({ line: word, lastWord: word });
    else Object.assign(found, { line: union(found.line, word), lastWord: word });
  }
  return lines.map(({ line }) => line);
}

function follows(word: Box, previous: Box): boolean {
  const lower = Math.min(height(word), height(previous));
  const higher = Math.max(height(word), height(previous));
  const overlap = Math.min(word.bottom, previous.bottom) - Math.max(word.top, previous.top);
  return (
    word.left - previous.right < maxGap * lower &&
    word.right > previous.right &&
    overlap >= minOverlap * lower &&
    higher <= maxHeightRatio * lower
  );
}

const height = (box: Box): number => box.bottom - box.top;

const union = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});
