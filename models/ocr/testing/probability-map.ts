import type { ProbabilityMap } from '../detection/probability-map.ts';

/** A map whose pixels have the probability that a function gives for their middles. */
export function probabilityMap(
  width: number,
  height: number,
  probability: (x: number, y: number) => number,
): ProbabilityMap {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data[y * width + x] = probability(x + 0.5, y + 0.5);
  }
  return { data, width, height };
}
