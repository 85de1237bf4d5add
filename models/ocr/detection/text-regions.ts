import { quadAlong, smallestQuad } from '../geometry/bounding-quad.ts';
import { facing, grow, heightOf, type Point, type Quad, widthOf } from '../geometry/quad.ts';
import { openCv, OpenCvScope } from '../open-cv.ts';

// The post-processing of DB, "Real-time Scene Text Detection with Differentiable Binarization" (Liao et al.,
// https://arxiv.org/abs/1911.08947): from the net's probability map to the box of each text.

/** The probability of each pixel of the net's input that it belongs to text: `width * height` values, row by row. */
export interface ProbabilityMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** The outline of one piece of text, shrunk as the net was trained to see it, in pixels of the image. */
export type TextRegion = readonly Point[];

// PaddleOCR's defaults for PP-OCRv4, except for the box threshold, which is RapidOCR's: 0.6 loses whole lines of clear
// print here and there.
const pixelThreshold = 0.3;
const boxThreshold = 0.5;
const unclipRatio = 1.5;
const minSide = 3;
/** A page of dense print has some hundreds; each costs a reading, so the number has a bound. */
const maxRegions = 3000;

/** Boxes less than so many times as long as high do not show which way their text runs. */
const minAspect = 2;

/**
 * The regions of text in a probability map.
 *
 * @param toImage Where a point of the map lies in the image.
 */
export const textRegions = (map: ProbabilityMap, toImage: (point: Point) => Point): TextRegion[] =>
  outlines(map)
    .filter((outline) => isText(map, outline))
    // OpenCV finds them from the bottom up.
    .slice(-maxRegions)
    .map((outline) => outline.flatMap(cornersOfPixel).map(toImage));

function outlines(map: ProbabilityMap): Point[][] {
  using scope = new OpenCvScope();
  const bits = scope.own(new openCv.Mat(map.height, map.width, openCv.CV_8UC1));
  const { data } = bits;
  for (let index = 0; index < map.data.length; index += 1) data[index] = map.data[index]! > pixelThreshold ? 1 : 0;
  const contours = scope.own(new openCv.MatVector());
  const hierarchy = scope.own(new openCv.Mat());
  openCv.findContours(bits, contours, hierarchy, openCv.RETR_LIST, openCv.CHAIN_APPROX_SIMPLE);
  const found: Point[][] = [];
  for (let index = 0; index < contours.size(); index += 1) {
    const contour = scope.own(contours.get(index));
    const points: Point[] = [];
    for (let at = 0; at < contour.rows; at += 1) {
      points.push({ x: contour.data32S[2 * at]!, y: contour.data32S[2 * at + 1]! });
    }
    found.push(points);
  }
  return found;
}

function isText(map: ProbabilityMap, outline: readonly Point[]): boolean {
  const box = smallestQuad(outline);
  return Math.min(widthOf(box), heightOf(box)) >= minSide && boxScore(map, box) >= boxThreshold;
}

/** The mean probability of the pixels in a box, 0 to 1. */
export function boxScore(map: ProbabilityMap, box: Quad): number {
  const xs = box.map(({ x }) => x);
  const ys = box.map(({ y }) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const right = Math.min(map.width - 1, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(map.height - 1, Math.ceil(Math.max(...ys)));
  using scope = new OpenCvScope();
  const mask = scope.own(openCv.Mat.zeros(bottom - top + 1, right - left + 1, openCv.CV_8UC1));
  const corners = box.flatMap(({ x, y }) => [Math.round(x - left), Math.round(y - top)]);
  const polygon = scope.own(openCv.matFromArray(box.length, 1, openCv.CV_32SC2, corners));
  openCv.fillConvexPoly(mask, polygon, new openCv.Scalar(1));
  const inside = mask.data;
  let sum = 0;
  let count = 0;
  for (let y = top, at = 0; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1, at += 1) {
      if (inside[at] === 0) continue;
      sum += map.data[y * map.width + x]!;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** A contour runs through the middle of its pixels; the region reaches to their edges. */
const cornersOfPixel = ({ x, y }: Point): Point[] => [
  { x, y },
  { x: x + 1, y },
  { x: x + 1, y: y + 1 },
  { x, y: y + 1 },
];

/** The box of a region's whole text; its text runs as nearly as its shape allows in a direction of these degrees. */
export function regionBox(region: TextRegion, direction: number): Quad {
  const smallest = facing(smallestQuad(region), direction);
  const sides = [widthOf(smallest), heightOf(smallest)];
  const showsDirection = Math.max(...sides) >= minAspect * Math.min(...sides);
  return unclip(showsDirection ? smallest : quadAlong(region, direction));
}

/**
 * Grows a rectangle back to the outline of its text: training shrinks the outline by area × ratio / perimeter on every
 * side (DB, section 3.5), so the same distance is added.
 */
export function unclip(quad: Quad): Quad {
  const width = widthOf(quad);
  const height = heightOf(quad);
  return grow(quad, (width * height * unclipRatio) / (2 * (width + height)));
}
