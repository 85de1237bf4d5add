import type { RgbImage } from '@portico/media';

type Colour = readonly [number, number, number];

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
