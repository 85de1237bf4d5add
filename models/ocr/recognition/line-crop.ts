import type { RgbImage } from '@portico/media';
import { grow, heightOf, type Point, type Quad, widthOf } from '../geometry/quad.ts';
import { type OpenCv, openCv, OpenCvScope } from '../open-cv.ts';

type Mat = InstanceType<OpenCv['Mat']>;

/**
 * A little more than the box on every side, in parts of its shorter side: full stops at the end and thin strokes at
 * the edge are read more surely with some ground around them.
 */
const margin = 0.05;

/**
 * Cuts the text in a quad out of an image, seen straight from the front and scaled to a height in pixels; the width
 * keeps the proportions up to `maxWidth`. Beyond the image's edge its last pixels are repeated.
 */
export function lineCrop(image: RgbImage, quad: Quad, height: number, maxWidth: number): RgbImage {
  using scope = new OpenCvScope();
  const wide = grow(quad, margin * Math.min(widthOf(quad), heightOf(quad)));
  const size = { width: Math.max(1, Math.round(widthOf(wide))), height: Math.max(1, Math.round(heightOf(wide))) };
  const width = Math.max(1, Math.min(maxWidth, Math.ceil((height * size.width) / size.height)));
  const part = cutOut(image, wide, scope);
  // What shrinks is warped at its own size first: a warp would skip the pixels in between.
  const shrinks = size.height > height;
  const seen = warp(part, shrinks ? size : { width, height }, scope);
  if (shrinks) openCv.resize(seen, seen, new openCv.Size(width, height), 0, 0, openCv.INTER_AREA);
  return { data: Uint8Array.from(seen.data), width, height };
}

interface Part {
  readonly matrix: Mat;
  readonly quad: Quad;
}

/** Only the surroundings of the quad are copied into OpenCV's memory, which never shrinks again. */
function cutOut(image: RgbImage, quad: Quad, scope: OpenCvScope): Part {
  const around = 2;
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const left = clamp(Math.floor(Math.min(...quad.map(({ x }) => x))) - around, image.width - 1);
  const top = clamp(Math.floor(Math.min(...quad.map(({ y }) => y))) - around, image.height - 1);
  const right = clamp(Math.ceil(Math.max(...quad.map(({ x }) => x))) + around, image.width);
  const bottom = clamp(Math.ceil(Math.max(...quad.map(({ y }) => y))) + around, image.height);
  const width = Math.max(1, right - left);
  const matrix = scope.own(new openCv.Mat(Math.max(1, bottom - top), width, openCv.CV_8UC3));
  const pixels = matrix.data;
  for (let row = 0; row < matrix.rows; row += 1) {
    const start = 3 * ((top + row) * image.width + left);
    pixels.set(image.data.subarray(start, start + 3 * width), 3 * row * width);
  }
  const moved = ({ x, y }: Point): Point => ({ x: x - left, y: y - top });
  return { matrix, quad: [moved(quad[0]), moved(quad[1]), moved(quad[2]), moved(quad[3])] };
}

function warp({ matrix, quad }: Part, { width, height }: { width: number; height: number }, scope: OpenCvScope): Mat {
  // Corners lie on the edges of pixels, and OpenCV counts from their middles.
  const from = quad.flatMap(({ x, y }) => [x - 0.5, y - 0.5]);
  const to = [-0.5, -0.5, width - 0.5, -0.5, width - 0.5, height - 0.5, -0.5, height - 0.5];
  const corners = (values: number[]): Mat => scope.own(openCv.matFromArray(4, 1, openCv.CV_32FC2, values));
  const transform = scope.own(openCv.getPerspectiveTransform(corners(from), corners(to)));
  const seen = scope.own(new openCv.Mat());
  const size = new openCv.Size(width, height);
  openCv.warpPerspective(matrix, seen, transform, size, openCv.INTER_CUBIC, openCv.BORDER_REPLICATE);
  return seen;
}
