import type { RgbImage } from './rgb-image.ts';

/** Pixels as a net that was trained on -1…1 takes them: `float32[height, width, 3]`, each value `pixel / 127.5 - 1`. */
export function interleavedValues({ data }: RgbImage): Float32Array {
  const values = new Float32Array(data.length);
  for (let index = 0; index < data.length; index += 1) values[index] = data[index]! / 127.5 - 1;
  return values;
}
