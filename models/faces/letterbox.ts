import { resizeRegion, type RgbImage } from '@portico/media';

/** An image inside a square: where it lies there, in pixels of the square. */
export interface Letterbox {
  readonly square: RgbImage;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Scales an image until it just fits into the middle of a square, and leaves the rest black, as in training. */
export async function letterbox(image: RgbImage, side: number): Promise<Letterbox> {
  const scale = side / Math.max(image.width, image.height);
  const scaled = (length: number): number => Math.max(1, Math.round(length * scale));
  const [width, height] = [scaled(image.width), scaled(image.height)];
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)];
  const whole = { left: 0, top: 0, width: image.width, height: image.height };
  const inner = await resizeRegion(image, whole, { width, height, kernel: 'linear' });
  const data = new Uint8Array(3 * side * side);
  for (let row = 0; row < height; row += 1) {
    const from = 3 * row * width;
    data.set(inner.data.subarray(from, from + 3 * width), 3 * ((top + row) * side + left));
  }
  return { square: { data, width: side, height: side }, left, top, width, height };
}
