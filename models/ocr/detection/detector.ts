import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import { channelPlanes, type Normalisation, resizeRegion, type RgbImage } from '@portico/media/image';
import type { Point } from '../geometry/quad.ts';
import { openCv, OpenCvScope } from '../open-cv.ts';
import { type TextRegion, textRegions } from './text-regions.ts';

/**
 * Finds the regions of text in an image, in no particular order. Text that leans by more than some 20 degrees is found
 * in pieces, if at all: `tilt` says by how many degrees clockwise it leans, and the image is turned back by as much.
 */
export type Detector = (image: RgbImage, maxSideLength: number, tilt?: number) => Promise<TextRegion[]>;

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface TurnedImage {
  /** Large enough for all of the original, on grey; both sides are multiples of 32. */
  readonly image: RgbImage;
  readonly toOriginal: (point: Point) => Point;
}

const inputName = 'x';
const outputName = 'sigmoid_0.tmp_0';

const signature = {
  inputs: { [inputName]: { type: 'float32', shape: [null, 3, null, null] } },
  outputs: { [outputName]: { type: 'float32', shape: [null, 1, null, null] } },
} as const satisfies SessionSignature;

/** The statistics of ImageNet, with which PP-OCR's detection was trained. */
const normalisation: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** The net reduces its input by 32, so both sides must be multiples of it. */
const stride = 32;

/**
 * Smaller images are enlarged until their shorter side has this many pixels (PaddleOCR's `limit_type: min`). Its own
 * 736 finds text no better, in print of 8 to 48 pixels, and takes half as long again; 480 misses some.
 */
const minShorterSide = 544;

/** The net's memory grows by some 200 bytes a pixel, and 600 MB are enough for one page. */
const maxPixels = 3e6;

/** What surrounds an image that was turned back. */
const background = 127;

export async function loadDetector(context: Pick<LoadContext, 'createSession'>, path: string): Promise<Detector> {
  const session = await context.createSession(path, signature);
  return async (image, maxSideLength, tilt = 0) => {
    const size = detectionSize(image, maxSideLength);
    const whole = { left: 0, top: 0, width: image.width, height: image.height };
    const resized = await resizeRegion(image, whole, { ...size, kernel: 'linear' });
    const { image: seen, toOriginal } =
      tilt === 0 ? { image: resized, toOriginal: samePlace } : turnBack(resized, tilt);
    const tensor = new Tensor('float32', channelPlanes(seen, normalisation), [1, 3, seen.height, seen.width]);
    const outputs = await session.run({ [inputName]: tensor });
    const map = { data: outputs[outputName].data, width: seen.width, height: seen.height };
    return textRegions(map, (point) => {
      const { x, y } = toOriginal(point);
      return { x: (x * image.width) / size.width, y: (y * image.height) / size.height };
    });
  };
}

const samePlace = (point: Point): Point => point;

/**
 * The size at which the net sees an image: enlarged until the shorter side has 544 pixels, then reduced until the
 * longer has at most `maxSideLength` (at least 32) and both at most 3 megapixels; both sides are rounded to multiples
 * of 32.
 */
export function detectionSize({ width, height }: ImageSize, maxSideLength: number): ImageSize {
  const enlarged = Math.max(1, minShorterSide / Math.min(width, height));
  const scale = Math.min(enlarged, maxSideLength / Math.max(width, height), Math.sqrt(maxPixels / (width * height)));
  const maxSide = Math.floor(maxSideLength / stride) * stride;
  const rounded = (side: number): number =>
    Math.min(maxSide, Math.max(stride, Math.round((side * scale) / stride) * stride));
  return { width: rounded(width), height: rounded(height) };
}

/** Turns an image counter-clockwise, so that text that leans clockwise by so many degrees lies straight. */
export function turnBack(image: RgbImage, degrees: number): TurnedImage {
  const radians = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  const rounded = (side: number): number => Math.ceil(side / stride) * stride;
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
  const border = new openCv.Scalar(background, background, background, background);
  const flags = openCv.INTER_LINEAR | openCv.WARP_INVERSE_MAP;
  const size = new openCv.Size(width, height);
  openCv.warpAffine(source, turned, matrix, size, flags, openCv.BORDER_CONSTANT, border);
  return Uint8Array.from(turned.data);
}
