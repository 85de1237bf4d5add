import { describe, expect, test } from 'vitest';
import type { RgbImage } from '@portico/media/image';
import type { Point } from '../geometry/quad.ts';
import { drawImage, pixelAt } from '../testing/images.ts';
import { detectionSize, turnBack } from './detector.ts';

describe('detectionSize', () => {
  test.each([
    ['keeps an image whose sides fit', { width: 960, height: 736 }, 1280, { width: 960, height: 736 }],
    ['enlarges until the shorter side has 544 pixels', { width: 640, height: 480 }, 1280, { width: 736, height: 544 }],
    [
      'reduces until the longer side has the most allowed',
      { width: 4000, height: 3000 },
      1280,
      { width: 1280, height: 960 },
    ],
    ['lets the limit win over enlarging', { width: 362, height: 78 }, 1280, { width: 1280, height: 288 }],
    [
      'never exceeds a limit that is no multiple of 32',
      { width: 5000, height: 4990 },
      1300,
      { width: 1280, height: 1280 },
    ],
    [
      'has no more than three megapixels, whatever the limit on sides',
      { width: 4000, height: 4000 },
      4096,
      { width: 1728, height: 1728 },
    ],
    ['may be long where it is narrow', { width: 8000, height: 1200 }, 4096, { width: 4096, height: 608 }],
    ['gives a sliver the least a net can take', { width: 10_000, height: 3 }, 1280, { width: 1280, height: 32 }],
    ['enlarges a single pixel', { width: 1, height: 1 }, 320, { width: 320, height: 320 }],
  ])('%s', (_, image, maxSideLength, expected) => {
    expect(detectionSize(image, maxSideLength)).toEqual(expected);
  });
});

const mark = { x: 15.5, y: 21.5 };
/** Black, with a white square of three pixels around the mark. */
const marked = drawImage(96, 64, (x, y) =>
  Math.abs(x + 0.5 - mark.x) < 2 && Math.abs(y + 0.5 - mark.y) < 2 ? 255 : 0,
);

/** The middle of what is brighter than the grey around the image. */
function middleOfMark(image: RgbImage): Point {
  let [x, y, weight] = [0, 0, 0];
  for (let row = 0; row < image.height; row += 1) {
    for (let column = 0; column < image.width; column += 1) {
      const light = Math.max(0, pixelAt(image, column, row)[0] - 127);
      x += light * (column + 0.5);
      y += light * (row + 0.5);
      weight += light;
    }
  }
  return { x: x / weight, y: y / weight };
}

describe('turnBack', () => {
  test('turns text that runs down so that it runs right', () => {
    const { image, toOriginal } = turnBack(marked, 90);
    expect([image.width, image.height]).toEqual([64, 96]);
    expect(pixelAt(image, 21, 80)).toEqual([255, 255, 255]);
    const back = toOriginal({ x: 21.5, y: 80.5 });
    expect([back.x, back.y]).toEqual([expect.closeTo(mark.x), expect.closeTo(mark.y)]);
  });

  test.each([15, -30, 45, 80, -60, 180])('by %i degrees, its places are found again in the original', (degrees) => {
    const { image, toOriginal } = turnBack(marked, degrees);
    const back = toOriginal(middleOfMark(image));
    expect(Math.hypot(back.x - mark.x, back.y - mark.y)).toBeLessThan(0.2);
  });

  test.each([15, -30, 45, 100])('by %i degrees, has room for the whole image, on grey', (degrees) => {
    const { image } = turnBack(marked, degrees);
    expect([image.width % 32, image.height % 32]).toEqual([0, 0]);
    const black = image.data.filter((value) => value < 64).length / 3;
    expect(black).toBeGreaterThan(0.95 * (96 * 64 - 9));
    expect(pixelAt(image, 0, 0)).toEqual([127, 127, 127]);
    expect(pixelAt(image, image.width - 1, image.height - 1)).toEqual([127, 127, 127]);
  });

  test('keeps the image as it is at 0 degrees', () => {
    expect(turnBack(marked, 0).image).toEqual(marked);
  });
});
