import type { RgbImage } from '@portico/media/image';
import { grow, heightOf, mapCorners, type Quad, widthOf } from '../geometry/quad.ts';
import { type OpenCv, openCv, OpenCvScope } from '../open-cv.ts';

type Mat = InstanceType<OpenCv['Mat']>;

/**
 * Added to the box on every side, as a share of its shorter side: full stops at the end and thin strokes at the edge
 * are read more surely with some background around them.
 */
const margin = 0.05;

/** The distance between stacked characters lies within these shares of the column's width. */
const minPitch = 0.55;
const maxPitch = 1.5;
/** A cut moves up to this share of the distance to where there is least ink. */
const maxCutShift = 0.3;

interface Part {
  readonly matrix: Mat;
  readonly quad: Quad;
}

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

/** Only the surroundings of the quad are copied into OpenCV's memory, which never shrinks again. */
function cutOut(image: RgbImage, quad: Quad, scope: OpenCvScope): Part {
  const around = 2;
  const clamp = (value: number, max: number): number => Math.min(max, Math.max(0, value));
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
  return { matrix, quad: mapCorners(quad, ({ x, y }) => ({ x: x - left, y: y - top })) };
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

/**
 * Sets characters that are one below the other side by side, so that they can be read as a line.
 *
 * @param column The column turned a quarter to the left: it runs rightwards, its characters lie on their backs.
 * @returns An image as high as the column and about as wide.
 */
export function unstack(column: RgbImage): RgbImage {
  const cuts = cutsBetween(inkByPosition(column), column.height);
  const cells = cuts.slice(1).map((end, index) => ({ start: cuts[index]!, end }));
  const side = column.height;
  const width = cells.length * side;
  const data = new Uint8Array(3 * side * width);
  for (const [index, { start, end }] of cells.entries()) {
    for (let y = 0; y < side; y += 1) {
      // Down in the cell is right in the column, and left in the cell is its lower edge.
      const from = Math.min(column.width - 1, start + Math.floor(((y + 0.5) * (end - start)) / side));
      for (let x = 0; x < side; x += 1) {
        const source = 3 * ((side - 1 - x) * column.width + from);
        data.set(column.data.subarray(source, source + 3), 3 * (y * width + index * side + x));
      }
    }
  }
  return { data, width, height: side };
}

/** How much the brightness varies across the column at each position along it. */
function inkByPosition({ data, width, height }: RgbImage): Float64Array {
  const ink = new Float64Array(width);
  for (let x = 0; x < width; x += 1) {
    for (let y = 1; y < height; y += 1) {
      const at = 3 * (y * width + x) + 1;
      ink[x]! += Math.abs(data[at]! - data[at - 3 * width]!);
    }
  }
  return ink;
}

/** Evenly spaced cuts, each moved to the least ink nearby. */
function cutsBetween(ink: Float64Array, side: number): number[] {
  const pitch = pitchOf(ink, side);
  const count = Math.max(1, Math.round(ink.length / pitch));
  const step = ink.length / count;
  const cuts = [0];
  for (let cut = 1; cut < count; cut += 1) {
    const middle = Math.round(cut * step);
    const reach = Math.floor(maxCutShift * step);
    let best = middle;
    for (let at = middle - reach; at <= middle + reach; at += 1) if (ink[at]! < ink[best]!) best = at;
    cuts.push(best);
  }
  return [...cuts, ink.length];
}

/** The distance at which the ink is most like itself: the lag of the greatest autocorrelation. */
function pitchOf(ink: Float64Array, side: number): number {
  const mean = ink.reduce((sum, value) => sum + value, 0) / ink.length;
  let best = { pitch: side, correlation: 0 };
  const last = Math.min(Math.floor(maxPitch * side), ink.length - 1);
  for (let pitch = Math.floor(minPitch * side); pitch <= last; pitch += 1) {
    let correlation = 0;
    for (let at = pitch; at < ink.length; at += 1) correlation += (ink[at]! - mean) * (ink[at - pitch]! - mean);
    correlation /= ink.length - pitch;
    if (correlation > best.correlation) best = { pitch, correlation };
  }
  return best.pitch;
}
