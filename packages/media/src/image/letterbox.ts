import type { Box, Point } from '@portico/schemas';
import type { DecodedImage } from './decode-image.ts';
import { type Region, type ResizeKernel, resizeImage, type RgbImage, type Size } from './rgb-image.ts';

/** The size that a network sees, and how an image is fitted into it. */
export interface LetterboxTarget extends Size {
  /**
   * Red, green and blue (0 to 255) around the image. Many YOLO networks were trained with grey, 114 each.
   *
   * @default black
   */
  readonly padColour?: readonly [number, number, number];
  /** @default 'linear' */
  readonly kernel?: ResizeKernel;
  /**
   * `inside` keeps the proportions and leaves a margin; `fill` stretches the image over the whole canvas.
   *
   * @default 'inside'
   */
  readonly fit?: 'inside' | 'fill';
  /**
   * Where the image lies on the canvas: YOLOX and NudeNet, for example, were trained with it in the top left corner.
   *
   * @default 'centre'
   */
  readonly position?: 'centre' | 'top-left';
}

/** An image inside a canvas of other proportions. */
export interface Letterbox {
  /** The canvas, exactly as large as the target. */
  readonly image: RgbImage;
  /** Where the image lies on the canvas. */
  readonly inner: Region;
  /** The size of the image before, upright and not reduced: places on the canvas are mapped back to it. */
  readonly original: Size;
}

/**
 * Scales an image, keeping its proportions unless `fit` is `fill`, until it just fits into a canvas of `width × height` pixels, in the
 * middle unless `position` says otherwise. Where the margin is odd, the right or lower one is a pixel wider.
 *
 * @param image of `decodeImage`, or any other; of a decoded one `original` is kept
 */
export async function letterbox(
  image: RgbImage & Partial<Pick<DecodedImage, 'original'>>,
  target: LetterboxTarget,
): Promise<Letterbox> {
  const { width, height } = target.fit === 'fill' ? target : sizeInside(image, target);
  const share = target.position === 'top-left' ? 0 : 0.5;
  const left = Math.floor((target.width - width) * share);
  const top = Math.floor((target.height - height) * share);
  const fitted = await resizeImage(image, { width, height, kernel: target.kernel ?? 'linear' });
  const canvas = plainImage(target, target.padColour ?? [0, 0, 0]);
  for (let row = 0; row < height; row += 1) {
    const from = 3 * row * width;
    canvas.data.set(fitted.data.subarray(from, from + 3 * width), 3 * ((top + row) * target.width + left));
  }
  const original = image.original ?? { width: image.width, height: image.height };
  return { image: canvas, inner: { left, top, width, height }, original };
}

/** Maps a point from pixels of the canvas to pixels of the original. It may lie outside of it. */
export const pointOnOriginal = ({ inner, original }: Letterbox, { x, y }: Point): Point => ({
  x: ((x - inner.left) * original.width) / inner.width,
  y: ((y - inner.top) * original.height) / inner.height,
});

/** Maps a box from pixels of the canvas to pixels of the original. It is not clipped and may reach over its edges. */
export const boxOnOriginal = (box: Letterbox, { x, y, width, height }: Box): Box => ({
  ...pointOnOriginal(box, { x, y }),
  width: (width * box.original.width) / box.inner.width,
  height: (height * box.original.height) / box.inner.height,
});

function sizeInside(image: Size, target: LetterboxTarget): Size {
  const scale = Math.min(target.width / image.width, target.height / image.height);
  // YOLOX cuts fractions off; with text or other fine structures a pixel more changes what is found.
  const whole = target.position === 'top-left' ? Math.floor : Math.round;
  const scaled = (length: number): number => Math.max(1, whole(length * scale));
  return { width: scaled(image.width), height: scaled(image.height) };
}

function plainImage({ width, height }: Size, colour: readonly [number, number, number]): RgbImage {
  const data = new Uint8Array(3 * width * height);
  if (colour.some((value) => value !== 0)) for (let at = 0; at < data.length; at += 3) data.set(colour, at);
  return { data, width, height };
}
