import { expect, test } from 'vitest';
import { letterbox } from './letterbox.ts';

const white = (width: number, height: number) => ({
  data: new Uint8Array(3 * width * height).fill(255),
  width,
  height,
});

test.each([
  { image: white(40, 20), place: { left: 0, top: 4, width: 16, height: 8 } },
  { image: white(2, 4), place: { left: 4, top: 0, width: 8, height: 16 } },
  { image: white(16, 16), place: { left: 0, top: 0, width: 16, height: 16 } },
  { image: white(900, 1), place: { left: 0, top: 7, width: 16, height: 1 } },
])('$image.width × $image.height pixels lie in the middle on black', async ({ image, place }) => {
  const { square, ...found } = await letterbox(image, 16);
  expect(found).toEqual(place);
  expect([square.width, square.height, square.data.length]).toEqual([16, 16, 768]);
  for (let y = 0; y < 16; y += 1) {
    for (let x = 0; x < 16; x += 1) {
      const inside = x >= place.left && x < place.left + place.width && y >= place.top && y < place.top + place.height;
      expect(square.data[3 * (y * 16 + x)]).toBe(inside ? 255 : 0);
    }
  }
});
