import type { Region, RgbImage, Size } from './rgb-image.ts';

/** Where the values of a row or a column of the result lie in the image: between a pixel and the next. */
interface Places {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** How much of the second is in it, 0 to 1. */
  readonly share: Float64Array;
}

/**
 * Scales a part of an image as OpenCV's `INTER_LINEAR` does: each pixel lies between four of the image, however much it shrinks, so that the
 * others do not count. Most detectors were trained with it, and see less on an image that was averaged.
 */
export function resizeBetweenFour(image: RgbImage, region: Region, { width, height }: Size): RgbImage {
  const columns = placesOf(region.left, region.width, width);
  const rows = placesOf(region.top, region.height, height);
  const source = image.data;
  const data = new Uint8Array(3 * width * height);
  for (let y = 0, to = 0; y < height; y += 1) {
    const upper = 3 * rows.first[y]! * image.width;
    const lower = 3 * rows.second[y]! * image.width;
    const down = rows.share[y]!;
    for (let x = 0; x < width; x += 1) {
      const left = 3 * columns.first[x]!;
      const right = 3 * columns.second[x]!;
      const across = columns.share[x]!;
      for (let channel = 0; channel < 3; channel += 1, to += 1) {
        const above = mixed(source[upper + left + channel]!, source[upper + right + channel]!, across);
        const below = mixed(source[lower + left + channel]!, source[lower + right + channel]!, across);
        data[to] = Math.round(mixed(above, below, down));
      }
    }
  }
  return { data, width, height };
}

const mixed = (first: number, second: number, share: number): number => first + (second - first) * share;

/** The middles of pixels lie above each other; beyond the outermost ones, those count alone. */
function placesOf(start: number, from: number, to: number): Places {
  const places = { first: new Int32Array(to), second: new Int32Array(to), share: new Float64Array(to) };
  for (let at = 0; at < to; at += 1) {
    const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
    const first = Math.floor(place);
    places.first[at] = start + first;
    places.second[at] = start + Math.min(from - 1, first + 1);
    places.share[at] = place - first;
  }
  return places;
}
