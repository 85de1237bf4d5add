import { quarterOf } from './direction.ts';
import { type Outline, thickness } from './outline.ts';
import { range } from './statistics.ts';

/** In thicknesses: columns of vertical text, and characters in one, stand closer. */
const maxGap = 1.5;

/** Parts lines of other directions into blocks of neighbours that are read alike. */
export function blocksApart(outlines: readonly Outline[]): Outline[][] {
  return [1, 2, 3].flatMap((quarter) => {
    const boxes = outlines.filter((outline) => quarterOf(outline) === quarter).map(boxOf);
    return clusters(boxes).map((cluster) => cluster.map(({ outline }) => outline));
  });
}

interface Box {
  readonly outline: Outline;
  readonly reach: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function clusters(boxes: readonly Box[]): Box[][] {
  const left = new Set(boxes);
  return boxes.flatMap((first) => {
    if (!left.delete(first)) return [];
    const cluster = [first];
    // The cluster grows while its members find neighbours.
    for (const box of cluster) {
      for (const other of left) {
        if (areNeighbours(box, other) && left.delete(other)) cluster.push(other);
      }
    }
    return [cluster];
  });
}

function areNeighbours(a: Box, b: Box): boolean {
  const reach = Math.max(a.reach, b.reach);
  return (
    Math.max(a.left, b.left) - Math.min(a.right, b.right) <= reach &&
    Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom) <= reach
  );
}

function boxOf(outline: Outline): Box {
  const [left, right] = range(outline.corners.map(({ x }) => x));
  const [top, bottom] = range(outline.corners.map(({ y }) => y));
  return { outline, reach: maxGap * thickness(outline), left, right, top, bottom };
}
