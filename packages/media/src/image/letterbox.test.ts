import { array, integer, sample } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOnOriginal, letterbox, pointOnOriginal } from './letterbox.ts';

const white = (width: number, height: number) => ({
  data: new Uint8Array(3 * width * height).fill(255),
  width,
  height,
});

test.each([
  { image: white(40, 20), side: 16, inner: { left: 0, top: 4, width: 16, height: 8 } },
  { image: white(2, 4), side: 16, inner: { left: 4, top: 0, width: 8, height: 16 } },
  { image: white(16, 16), side: 16, inner: { left: 0, top: 0, width: 16, height: 16 } },
  { image: white(900, 1), side: 16, inner: { left: 0, top: 7, width: 16, height: 1 } },
])('$image.width × $image.height pixels lie in the middle of a square, on black', async ({ image, side, inner }) => {
  const found = await letterbox(image, { width: side, height: side });
  expect(found.inner).toEqual(inner);
  expect([found.image.width, found.image.height, found.image.data.length]).toEqual([side, side, 3 * side * side]);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const inside = x >= inner.left && x < inner.left + inner.width && y >= inner.top && y < inner.top + inner.height;
      expect(found.image.data[3 * (y * side + x)]).toBe(inside ? 255 : 0);
    }
  }
});

test('a canvas need not be square, and its margin may have a colour', async () => {
  const { image, inner } = await letterbox(white(2, 2), { width: 5, height: 2, padColour: [1, 2, 3] });
  expect(inner).toEqual({ left: 1, top: 0, width: 2, height: 2 });
  const row = [1, 2, 3, ...Array<number>(6).fill(255), 1, 2, 3, 1, 2, 3];
  expect([...image.data]).toEqual([...row, ...row]);
});

describe('places on the canvas', () => {
  test('are mapped back to the image', async () => {
    const box = await letterbox(white(40, 20), { width: 16, height: 16 });
    expect(box.original).toEqual({ width: 40, height: 20 });
    expect(pointOnOriginal(box, { x: 8, y: 8 })).toEqual({ x: 20, y: 10 });
    expect(pointOnOriginal(box, { x: 0, y: 0 })).toEqual({ x: 0, y: -10 });
    expect(boxOnOriginal(box, { x: 4, y: 6, width: 8, height: 2 })).toEqual({ x: 10, y: 5, width: 20, height: 5 });
  });

  test('are mapped back to the original of an image that was decoded reduced', async () => {
    const box = await letterbox({ ...white(40, 20), original: { width: 400, height: 200 } }, { width: 16, height: 16 });
    expect(pointOnOriginal(box, { x: 8, y: 8 })).toEqual({ x: 200, y: 100 });
  });

  test('whatever the sizes, the corners are the corners', async () => {
    const side = integer({ min: 1, max: 60 });
    const sizes = sample(array(side, { minLength: 4, maxLength: 4 }), 100);
    for (const [width = 1, height = 1, targetWidth = 1, targetHeight = 1] of sizes) {
      const { image, inner, original } = await letterbox(white(width, height), {
        width: targetWidth,
        height: targetHeight,
      });
      const box = { image, inner, original };
      expect([image.width, image.height]).toEqual([targetWidth, targetHeight]);
      expect(inner.width === targetWidth || inner.height === targetHeight).toBe(true);
      expect(pointOnOriginal(box, { x: inner.left, y: inner.top })).toEqual({ x: 0, y: 0 });
      const { left, top } = inner;
      const whole = boxOnOriginal(box, { x: left, y: top, width: inner.width, height: inner.height });
      expect(whole).toEqual({ x: 0, y: 0, width, height });
    }
  });
});

test('an image may lie in the top left corner, or be stretched over the whole canvas', async () => {
  const canvas = { width: 16, height: 16 };
  const corner = await letterbox(white(40, 20), { ...canvas, position: 'top-left' });
  expect(corner.inner).toEqual({ left: 0, top: 0, width: 16, height: 8 });
  expect(pointOnOriginal(corner, { x: 16, y: 8 })).toEqual({ x: 40, y: 20 });
  const stretched = await letterbox(white(40, 20), { ...canvas, fit: 'fill' });
  expect(stretched.inner).toEqual({ left: 0, top: 0, ...canvas });
  expect(pointOnOriginal(stretched, { x: 8, y: 8 })).toEqual({ x: 20, y: 10 });
});
