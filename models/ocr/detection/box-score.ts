import type { Quad } from '../geometry/quad.ts';
import { openCv, OpenCvScope } from '../open-cv.ts';
import type { ProbabilityMap } from './probability-map.ts';

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
