import type { TensorDatatype } from '@portico/sdk';
import { arrayOf, type Values } from './tensor-values.ts';

/** How the brightness of a pixel, 0 to 255, becomes a value. */
export const scales = ['0–255', '0–1', '±1', 'ImageNet'] as const;
export type Scale = (typeof scales)[number];

/** Mean and standard deviation of red, green and blue in ImageNet, from 0 to 1, that many vision models are trained with. */
const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
/** Shares of red, green and blue in brightness (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;
/** Shorter sides are not those of a picture. */
const minSide = 8;

/** A tensor that holds one picture, its channels one after the other. */
export interface PictureShape {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** The picture that a tensor of the shape 1 × 1 × H × W or 1 × 3 × H × W holds; undefined for any other shape. */
export function pictureShapeOf(shape: readonly number[]): PictureShape | undefined {
  const [batch, channels, height = 0, width = 0] = shape;
  if (shape.length !== 4 || batch !== 1 || (channels !== 1 && channels !== 3)) return undefined;
  return height >= minSide && width >= minSide ? { channels, height, width } : undefined;
}

/**
 * A picture as the values of a tensor.
 *
 * @param rgba as a canvas of this size has it, on an opaque background.
 */
export function valuesOfPixels(
  datatype: Exclude<TensorDatatype, 'BYTES'>,
  { channels, height, width }: PictureShape,
  rgba: Uint8ClampedArray,
  scale: Scale,
): Values {
  const size = height * width;
  const values = Array.from<number>({ length: channels * size });
  for (let pixel = 0; pixel < size; pixel += 1) {
    const colour = [rgba[4 * pixel]!, rgba[4 * pixel + 1]!, rgba[4 * pixel + 2]!] as const;
    if (channels === 1) values[pixel] = scaled(brightness(colour), 0, scale);
    else
      for (let channel = 0; channel < 3; channel += 1)
        values[channel * size + pixel] = scaled(colour[channel]!, channel, scale);
  }
  return arrayOf(datatype, values);
}

const brightness = ([red, green, blue]: readonly [number, number, number]): number =>
  luma[0] * red + luma[1] * green + luma[2] * blue;

function scaled(value: number, channel: number, scale: Scale): number {
  switch (scale) {
    case '0–255':
      return value;
    case '0–1':
      return value / 255;
    case '±1':
      return value / 127.5 - 1;
    default:
      return (value / 255 - imageNet.mean[channel]!) / imageNet.deviation[channel]!;
  }
}
