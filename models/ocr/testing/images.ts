import { type RgbImage, sharp } from '@portico/media/image';
import type { ProbabilityMap } from '../detection/text-regions.ts';

type Colour = readonly [number, number, number];

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An image whose pixels have the colour, or the grey, that a function gives for them. */
export function drawImage(width: number, height: number, colour: (x: number, y: number) => Colour | number): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = colour(x, y);
      data.set(typeof value === 'number' ? [value, value, value] : value, 3 * (y * width + x));
    }
  }
  return { data, width, height };
}

export function pixelAt({ data, width }: RgbImage, x: number, y: number): Colour {
  const at = 3 * (y * width + x);
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}

/** An image in which no two places look alike. */
export const motley = (width: number, height: number): RgbImage =>
  drawImage(width, height, (x, y) => [(x * 37 + y * 11) % 256, (x * 5 + y * 71) % 256, (x * y * 13 + 7) % 256]);

/** A map whose pixels have the probability that a function gives for their middles. */
export function probabilityMap(
  width: number,
  height: number,
  probability: (x: number, y: number) => number,
): ProbabilityMap {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data[y * width + x] = probability(x + 0.5, y + 0.5);
  }
  return { data, width, height };
}

/** The image turned clockwise, on a white ground with room for all of it. */
export const turnImage = (image: Uint8Array, degrees: number): Promise<Buffer> =>
  sharp(image).rotate(degrees, { background: 'white' }).png().toBuffer();

/** From where to where there is ink in an image of one line, in pixels; gaps narrower than `minGap` do not count. */
export async function inkSpans(image: Uint8Array, minGap: number): Promise<Span[]> {
  const { data, info } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
  const spans: { from: number; to: number }[] = [];
  for (let x = 0; x < info.width; x += 1) {
    let dark = false;
    for (let y = 0; y < info.height; y += 1) dark ||= data[(y * info.width + x) * info.channels]! < 128;
    if (!dark) continue;
    const last = spans.at(-1);
    if (last !== undefined && x - last.to < minGap) last.to = x + 1;
    else spans.push({ from: x, to: x + 1 });
  }
  return spans;
}
