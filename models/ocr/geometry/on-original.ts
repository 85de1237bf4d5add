import type { OcrLine } from '@portico/schemas';
import type { DecodedImage } from '@portico/media';
import type { Quad } from './quad.ts';

/** Turns corners in the pixels that were decoded into corners on the upright original, inside of it, to a tenth of a pixel. */
export function onOriginal({ width, height, original }: DecodedImage): (quad: Quad) => OcrLine['polygon'] {
  const place = (value: number, side: number, originalSide: number): number =>
    Math.min(originalSide, Math.max(0, Math.round((value * originalSide * 10) / side) / 10));
  return (quad) =>
    quad.map(({ x, y }) => ({ x: place(x, width, original.width), y: place(y, height, original.height) }));
}
