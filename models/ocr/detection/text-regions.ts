import type { Point } from '../geometry/quad.ts';
import { openCv, OpenCvScope } from '../open-cv.ts';
import { boxScore } from './box-score.ts';
import type { ProbabilityMap } from './probability-map.ts';
import { smallestQuad } from '../geometry/bounding-quad.ts';
import { heightOf, widthOf } from '../geometry/quad.ts';

/** The outline of one piece of text, shrunk as detection was trained to see it, in pixels of the image. */
export type TextRegion = readonly Point[];

// PaddleOCR's defaults for PP-OCRv4, but for the threshold on boxes, which is RapidOCR's: at 0.6 whole lines of clear
// print are lost here and there.
const pixelThreshold = 0.3;
const boxThreshold = 0.5;
const minSide = 3;
/** A page of dense print has some hundreds; each costs a reading, so the number has a bound. */
const maxRegions = 3000;

/**
 * The regions of text in a probability map: the post-processing of DB (https://arxiv.org/abs/1911.08947) up to where
 * regions become boxes.
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

/** A contour runs through the middle of its pixels; the region reaches to their edges. */
const cornersOfPixel = ({ x, y }: Point): Point[] => [
  { x, y },
  { x: x + 1, y },
  { x: x + 1, y: y + 1 },
  { x, y: y + 1 },
];
