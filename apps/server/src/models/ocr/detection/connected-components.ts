import type { Box } from '../box.ts';
import type { ProbabilityMap } from './probability-map.ts';

/** Pixels above the threshold that touch, corners included. */
export interface Component {
  readonly box: Box;
  /** Number of pixels. */
  readonly size: number;
  /** Mean probability of its pixels, 0 to 1. */
  readonly score: number;
}

/** The connected components of the pixels above `threshold`, in the order of their first pixels, at most `limit`. */
export function connectedComponents(map: ProbabilityMap, threshold: number, limit: number): Component[] {
  const { data, width, height } = map;
  const unvisited = new Uint8Array(data.length);
  let foreground = 0;
  for (let index = 0; index < data.length; index += 1) {
    if (data[index]! > threshold) {
      unvisited[index] = 1;
      foreground += 1;
    }
  }
  // Each pixel is pushed at most once, so the stack never holds more than the foreground.
  const stack = new Int32Array(foreground);
  const components: Component[] = [];
  for (let seed = unvisited.indexOf(1); seed !== -1 && components.length < limit; seed = unvisited.indexOf(1, seed)) {
    let depth = 0;
    let size = 0;
    let sum = 0;
    let [left, top, right, bottom] = [width, height, 0, 0];
    stack[depth++] = seed;
    unvisited[seed] = 0;
    while (depth > 0) {
      const index = stack[--depth]!;
      const x = index % width;
      const y = (index - x) / width;
      size += 1;
      sum += data[index]!;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      const firstRow = Math.max(0, y - 1);
      const lastRow = Math.min(height - 1, y + 1);
      const firstColumn = Math.max(0, x - 1);
      const lastColumn = Math.min(width - 1, x + 1);
      for (let row = firstRow; row <= lastRow; row += 1) {
        for (let neighbour = row * width + firstColumn; neighbour <= row * width + lastColumn; neighbour += 1) {
          if (unvisited[neighbour] === 0) continue;
          unvisited[neighbour] = 0;
          stack[depth++] = neighbour;
        }
      }
    }
    components.push({ box: { left, top, right: right + 1, bottom: bottom + 1 }, size, score: sum / size });
  }
  return components;
}
