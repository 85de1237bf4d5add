import { sharp } from './sharp.ts';

/** A width and a height in whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A decoded image: 8-bit sRGB, rows from the top, red, green and blue interleaved, `3 * width * height` bytes. */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

/** A rectangle in whole pixels from an image's top left corner. It lies inside the image and has an area. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * How pixels in between are made: `linear` is fast, `cubic` keeps edges sharper; both average where an image shrinks, as Pillow does.
 * `open-cv` is OpenCV's `INTER_LINEAR`, which does not: for networks that were trained with it.
 */
export type ResizeKernel = 'linear' | 'cubic' | 'open-cv';

export interface ResizeTarget extends Size {
  readonly kernel: ResizeKernel;
}

/**
 * Copies a part of an image out.
 *
 * @throws {RangeError} when the region does not lie inside the image.
 */
export function cropImage(image: RgbImage, region: Region): RgbImage {
  refuseOutside(image, region);
  const { left, top, width, height } = region;
  const data = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row += 1) {
    const from = 3 * ((top + row) * image.width + left);
    data.set(image.data.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { data, width, height };
}

/** Stretches an image to exactly `target.width × target.height` pixels. */
export const resizeImage = (image: RgbImage, target: ResizeTarget): Promise<RgbImage> =>
  resizeRegion(image, { left: 0, top: 0, width: image.width, height: image.height }, target);

/**
 * Stretches a part of an image to exactly `target.width × target.height` pixels.
 *
 * @throws {RangeError} when the region does not lie inside the image.
 */
export async function resizeRegion(image: RgbImage, region: Region, target: ResizeTarget): Promise<RgbImage> {
  refuseOutside(image, region);
  const { kernel } = target;
  if (kernel === 'open-cv') return resizeBetweenFour(image, region, target);
  const data = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  })
    .extract(region)
    .resize({ width: target.width, height: target.height, fit: 'fill', kernel })
    .raw()
    .toBuffer();
  return { data, width: target.width, height: target.height };
}

export interface CoverTarget extends Size {
  /**
   * How much of the image's shorter side is kept: networks that were trained on the middle 224 of 256 pixels take 224 / 256.
   *
   * @default 1
   */
  readonly share?: number;
  /** @default 'linear' */
  readonly kernel?: ResizeKernel;
}

/**
 * Scales an image, keeping its proportions, and cuts `width × height` pixels out of the middle, as classifiers are mostly trained:
 * torchvision's `Resize(256)` and `CenterCrop(224)` are `{ width: 224, height: 224, share: 224 / 256 }`.
 *
 * @throws {RangeError} when `share` is not above 0 and at most 1.
 */
export async function coverImage(
  image: RgbImage,
  { width, height, share = 1, kernel = 'linear' }: CoverTarget,
): Promise<RgbImage> {
  if (!(share > 0 && share <= 1)) throw new RangeError(`A share of ${share} is not above 0 and at most 1.`);
  const scale = Math.max(width / (share * image.width), height / (share * image.height));
  // Cut off, as torchvision does it, but for what floating point has lost.
  const scaled = (length: number, least: number): number => Math.max(least, Math.trunc(length * scale + 1e-6));
  const [wide, high] = [scaled(image.width, width), scaled(image.height, height)];
  // No decoded image is more than 200 times as long as the other side, which bounds what this takes.
  const whole = await resizeImage(image, { width: wide, height: high, kernel });
  const left = Math.round((wide - width) / 2);
  const top = Math.round((high - height) / 2);
  return cropImage(whole, { left, top, width, height });
}

function refuseOutside(image: Size, { left, top, width, height }: Region): void {
  const isInside = left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height;
  if (isInside && width > 0 && height > 0) return;
  const region = `${width} × ${height} pixels at (${left}, ${top})`;
  throw new RangeError(`The region of ${region} is not inside the image of ${image.width} × ${image.height} pixels.`);
}

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
function resizeBetweenFour(image: RgbImage, region: Region, { width, height }: Size): RgbImage {
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
