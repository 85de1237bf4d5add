import { expect, test } from 'vitest';
import { cleanEdges, edgeColours } from './edge-colours.ts';

/** A red person on the left, white on the right, and a column between that is half of each. */
const shares = [1, 1, 1, 0.5, 0, 0, 0];
const picture = () => ({
  data: Uint8Array.from(shares.flatMap((share) => [255, 255 * (1 - share), 255 * (1 - share)])),
  width: shares.length,
  height: 1,
});

test('half of a pixel is background: its colour is taken out, and nothing is left of what is all background', () => {
  const image = picture();
  const colours = edgeColours(image, { values: Float32Array.from(shares), width: 7, height: 1 }, { x: 2, y: 1 });
  const mask = Uint8Array.from(shares, (share) => 255 * share);
  cleanEdges(image, mask, colours);
  const pixels = shares.map((_, index) => [...image.data.subarray(3 * index, 3 * index + 3)]);
  expect(pixels.slice(0, 3)).toEqual([0, 1, 2].map(() => [255, 0, 0]));
  expect(pixels[3]?.[0]).toBe(255);
  // Before it was 127: half white.
  expect(pixels[3]?.[1]).toBeLessThan(60);
  expect(pixels.slice(4)).toEqual([4, 5, 6].map(() => [0, 0, 0]));
});
