import type { RgbImage } from '@portico/media';
import type { Point } from '../geometry/quad.ts';
import { openCv, OpenCvScope } from '../open-cv.ts';
import { stride } from './detection-size.ts';

export interface TurnedImage {
  /** Large enough for all of the original, on grey; both sides are multiples of 32. */
  readonly image: RgbImage;
  readonly toOriginal: (point: Point) => Point;
}

const grey = 127;

/** Turns an image counter-clockwise, so that text that leans clockwise by so many degrees lies straight. */
export function turnBack(image: RgbImage, degrees: number): TurnedImage {
  const radians = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  const width = rounded(image.width * Math.abs(cosine) + image.height * Math.abs(sine));
  const height = rounded(image.height * Math.abs(cosine) + image.width * Math.abs(sine));
  const toOriginal = ({ x, y }: Point): Point => {
    const [across, down] = [x - width / 2, y - height / 2];
    return { x: image.width / 2 + across * cosine - down * sine, y: image.height / 2 + across * sine + down * cosine };
  };
  // OpenCV counts from the middles of pixels.
  const start = toOriginal({ x: 0.5, y: 0.5 });
  const transform = [cosine, -sine, start.x - 0.5, sine, cosine, start.y - 0.5];
  return { image: { data: warp(image, transform, width, height), width, height }, toOriginal };
}

function warp(image: RgbImage, transform: readonly number[], width: number, height: number): Uint8Array {
  using scope = new OpenCvScope();
  const source = scope.own(new openCv.Mat(image.height, image.width, openCv.CV_8UC3));
  source.data.set(image.data);
  const matrix = scope.own(openCv.matFromArray(2, 3, openCv.CV_64FC1, [...transform]));
  const turned = scope.own(new openCv.Mat());
  const background = new openCv.Scalar(grey, grey, grey, grey);
  const how = openCv.INTER_LINEAR | openCv.WARP_INVERSE_MAP;
  const size = new openCv.Size(width, height);
  openCv.warpAffine(source, turned, matrix, size, how, openCv.BORDER_CONSTANT, background);
  return Uint8Array.from(turned.data);
}

const rounded = (side: number): number => Math.ceil(side / stride) * stride;
