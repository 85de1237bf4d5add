import { openCv, OpenCvScope } from '../open-cv.ts';
import { type Point, type Quad, quadOf } from './quad.ts';

/** The smallest rectangle around the points, at any angle (OpenCV's `minAreaRect`). Its corners start anywhere and go clockwise. */
export function smallestQuad(points: readonly Point[]): Quad {
  using scope = new OpenCvScope();
  const coordinates = points.flatMap(({ x, y }) => [x, y]);
  const matrix = scope.own(openCv.matFromArray(points.length, 1, openCv.CV_32FC2, coordinates));
  const corners: readonly Point[] = openCv.RotatedRect.points(openCv.minAreaRect(matrix));
  return quadOf(corners);
}

/** The rectangle around the points whose text runs in the given direction, in degrees. */
export function quadAlong(points: readonly Point[], direction: number): Quad {
  const radians = (direction * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const across = x * cosine + y * sine;
    const down = y * cosine - x * sine;
    left = Math.min(left, across);
    right = Math.max(right, across);
    top = Math.min(top, down);
    bottom = Math.max(bottom, down);
  }
  const back = (across: number, down: number): Point => ({
    x: across * cosine - down * sine,
    y: across * sine + down * cosine,
  });
  return [back(left, top), back(right, top), back(right, bottom), back(left, bottom)];
}
