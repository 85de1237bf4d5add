import type { Picture } from '../drawing/picture.ts';

/** A picture of one colour, given as six hexadecimal digits after a hash. */
export function flat({ width, height }: Pick<Picture, 'width' | 'height'>, color: string): Picture {
  const data = new Uint8Array(width * height * 3);
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  for (let index = 0; index < data.length; index += 1) data[index] = channels[index % 3]!;
  return { width, height, data };
}
