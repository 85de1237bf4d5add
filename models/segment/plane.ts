import type { Size } from '@portico/media';

/** One number for each pixel, rows from the top. */
export interface Plane extends Size {
  readonly values: Float32Array;
}

/** A plane of the same size; `value` is told the index of each pixel. */
export function mapPlane({ width, height }: Size, value: (index: number) => number): Plane {
  const values = new Float32Array(width * height);
  for (let index = 0; index < values.length; index += 1) values[index] = value(index);
  return { values, width, height };
}
