import { describe, expect, test } from 'vitest';
import type { RgbImage } from '@portico/media/image';
import { grow, type Point, type Quad, quadOf, turned } from '../geometry/quad.ts';
import { box, leaning } from '../testing/boxes.ts';
import { drawImage, motley, pixelAt } from '../testing/images.ts';
import { lineCrop, unstack } from './line-crop.ts';

const image = motley(120, 90);

/** A quad whose crop, with the margin, is a box of this size; the shorter side must be a multiple of 1.1. */
const withoutMargin = (quad: Quad, shorter: number): Quad => grow(quad, -(shorter * 0.05) / 1.1);

const pixels = (left: number, top: number, width: number, height: number) =>
  drawImage(width, height, (x, y) => pixelAt(image, left + x, top + y));

describe('lineCrop', () => {
  test('of an upright box at its own size is its pixels', () => {
    expect(lineCrop(image, withoutMargin(box(10, 20, 60, 22), 22), 22, 999)).toEqual(pixels(10, 20, 60, 22));
  });

  const [wide, high] = [44, 22];

  test.each([
    [1, high, wide, (x: number, y: number) => [wide - 1 - y, x] as const],
    [2, wide, high, (x: number, y: number) => [wide - 1 - x, high - 1 - y] as const],
    [3, high, wide, (x: number, y: number) => [y, high - 1 - x] as const],
  ])('of a box whose text is turned by %i quarters is its pixels, turned back', (quarters, width, height, place) => {
    const quad = turned(withoutMargin(box(10, 20, wide, high), high), quarters);
    const expected = drawImage(width, height, (x, y) => {
      const [across, down] = place(x, y);
      return pixelAt(image, 10 + across, 20 + down);
    });
    expect(lineCrop(image, quad, height, 999)).toEqual(expected);
  });

  test('has the given height and keeps the proportions, as wide as is allowed', () => {
    const quad = withoutMargin(box(0, 0, 66, 22), 22);
    expect(lineCrop(image, quad, 48, 999)).toMatchObject({ width: 144, height: 48 });
    expect(lineCrop(image, quad, 48, 100)).toMatchObject({ width: 100, height: 48 });
  });

  test('takes in a twentieth of its height around the box', () => {
    const framed = drawImage(80, 60, (x, y) => (x < 20 || x >= 60 || y < 20 || y >= 40 ? 0 : 200));
    const crop = lineCrop(framed, box(20, 20, 40, 20), 22, 999);
    expect([pixelAt(crop, 0, 10)[0], pixelAt(crop, 20, 0)[0], pixelAt(crop, 1, 1)[0]]).toEqual([0, 0, 200]);
  });

  test.each([25, -40, 160])('straightens a bar that leans by %i degrees', (degrees) => {
    const bar = leaning(box(-30, -10, 60, 20), degrees);
    const moved = quadOf(bar.map(({ x, y }) => ({ x: x + 60, y: y + 45 })));
    const radians = (degrees * Math.PI) / 180;
    // Bright in the first half of the bar, dark in the second.
    const drawn = drawImage(120, 90, (x, y) =>
      (x + 0.5 - 60) * Math.cos(radians) + (y + 0.5 - 45) * Math.sin(radians) < 0 ? 200 : 50,
    );
    const crop = lineCrop(drawn, moved, 22, 999);
    for (const y of [1, 10, 18]) {
      expect([pixelAt(crop, 2, y)[0], pixelAt(crop, 25, y)[0]]).toEqual([200, 200]);
      expect([pixelAt(crop, 35, y)[0], pixelAt(crop, 57, y)[0]]).toEqual([50, 50]);
    }
  });

  test('sees a board that is askew straight from the front', () => {
    // Where a point of the board, 8 by 2 fields, lies in the picture, and the other way round.
    const seen = (across: number, down: number): Point => ({
      x: (20 + 40 * across) / (1 + 0.1 * across),
      y: (20 + 30 * down) / (1 + 0.1 * across),
    });
    const field = (x: number, y: number): [number, number] => {
      const across = (x - 20) / (40 - 0.1 * x);
      return [Math.floor(across), Math.floor((y * (1 + 0.1 * across) - 20) / 30)];
    };
    const drawn = drawImage(240, 100, (x, y) => {
      const [column, row] = field(x + 0.5, y + 0.5);
      return (column + row) % 2 === 0 ? 220 : 30;
    });
    const board: Quad = [seen(0, 0), seen(8, 0), seen(8, 2), seen(0, 2)];
    const crop = lineCrop(drawn, board, 60, 999);
    const edge = (0.05 * 60) / 1.1;
    for (let column = 0; column < 8; column += 1) {
      for (let row = 0; row < 2; row += 1) {
        const x = edge + ((column + 0.5) * (crop.width - 2 * edge)) / 8;
        const y = edge + ((row + 0.5) * (60 - 2 * edge)) / 2;
        expect(pixelAt(crop, Math.floor(x), Math.floor(y))[0]).toBe((column + row) % 2 === 0 ? 220 : 30);
      }
    }
  });

  test('averages what it shrinks', () => {
    const fine = drawImage(400, 200, (x, y) => ((x + y) % 2 === 0 ? 255 : 1));
    const crop = lineCrop(fine, withoutMargin(box(0, 0, 396, 198), 198), 22, 999);
    expect(Math.min(...crop.data)).toBeGreaterThan(120);
    expect(Math.max(...crop.data)).toBeLessThan(136);
  });

  test('repeats the last pixels beyond the edge', () => {
    const crop = lineCrop(image, withoutMargin(box(-10, -5, 44, 22), 22), 22, 999);
    expect(pixelAt(crop, 0, 0)).toEqual(pixelAt(image, 0, 0));
    expect(pixelAt(crop, 3, 15)).toEqual(pixelAt(image, 0, 10));
    expect(pixelAt(crop, 25, 2)).toEqual(pixelAt(image, 15, 0));
    expect(pixelAt(crop, 25, 15)).toEqual(pixelAt(image, 15, 10));
  });

  test.each([
    ['beyond the bottom right', 500, 300],
    ['beyond the top left', -500, -300],
  ])('repeats the nearest corner for a box that lies %s', (_, left, top) => {
    const crop = lineCrop(image, box(left, top, 40, 20), 48, 999);
    const corner = pixelAt(image, left > 0 ? 119 : 0, top > 0 ? 89 : 0);
    expect([pixelAt(crop, 0, 0), pixelAt(crop, crop.width - 1, 47)]).toEqual([corner, corner]);
  });

  test.each([
    ['no larger than a pixel', box(40, 30, 1, 1)],
    ['without an area', box(40.5, 30.5, 0, 0)],
    ['thinner than a pixel', box(40, 30, 0.01, 30)],
    ['flatter than a pixel', box(40, 30, 30, 0.01)],
  ])('makes something of a box %s', (_, quad) => {
    const crop = lineCrop(image, quad, 48, 320);
    expect(crop.height).toBe(48);
    expect(crop.width).toBeGreaterThan(0);
    expect(crop.width).toBeLessThanOrEqual(320);
    expect(crop.data).toHaveLength(3 * 48 * crop.width);
  });
});

const side = 24;

/** Characters one below the other, each a pattern of its own with white around it, so many pixels apart. */
const stacked = (count: number, pitch: number, lowered: readonly number[] = []): RgbImage =>
  drawImage(side, Math.round(count * pitch), (x, y) => {
    const above = Math.floor(y / pitch);
    const character = above > 0 && y < above * pitch + (lowered[above - 1] ?? 0) ? above - 1 : above;
    const down = (y - (lowered[character] ?? 0) - character * pitch) / pitch;
    if (x < 4 || x >= side - 4 || down < 0.17 || down >= 0.83) return 255;
    return (x * (character + 2) + Math.floor(down * side) * (character + 5)) % 7 < 3 ? 10 * character : 255;
  });

/** Turned a quarter to the left: what ran down runs right. */
const onItsBack = (image: RgbImage): RgbImage =>
  drawImage(image.height, image.width, (x, y) => pixelAt(image, image.width - 1 - y, x));

const cell = (line: RgbImage, index: number): (readonly number[])[] =>
  Array.from({ length: side * side }, (_, at) => pixelAt(line, index * side + (at % side), Math.floor(at / side)));

describe('unstack', () => {
  test('sets square characters side by side, upright and in order', () => {
    const column = stacked(5, side);
    const line = unstack(onItsBack(column));
    expect([line.width, line.height]).toEqual([5 * side, side]);
    for (let index = 0; index < 5; index += 1) {
      const expected = Array.from({ length: side * side }, (_, at) =>
        pixelAt(column, at % side, index * side + Math.floor(at / side)),
      );
      expect(cell(line, index)).toEqual(expected);
    }
  });

  test.each([0.75, 1.25, 1.4])('cuts between characters whose distance is %d times their width', (pitch) => {
    const line = unstack(onItsBack(stacked(6, pitch * side)));
    expect(line.width).toBe(6 * side);
    for (let index = 0; index < 6; index += 1) {
      const ink = new Set(cell(line, index).map(([red]) => red));
      expect(ink).toEqual(new Set([255, 10 * index]));
    }
  });

  test('cuts where there is least ink, be the characters unevenly set', () => {
    const line = unstack(onItsBack(stacked(6, side, [0, 0, 5])));
    for (let index = 0; index < 6; index += 1) {
      expect(new Set(cell(line, index).map(([red]) => red))).toEqual(new Set([255, 10 * index]));
    }
  });

  test('keeps a single character', () => {
    const column = stacked(1, side);
    expect(unstack(onItsBack(column))).toEqual(column);
  });

  test('makes of an empty column as many empty cells as are square', () => {
    const line = unstack(drawImage(3 * side, side, () => 255));
    expect([line.width, line.data.every((value) => value === 255)]).toEqual([3 * side, true]);
  });

  test.each([1, 5])('takes a column of %i pixels for one character', (length) => {
    expect(unstack(drawImage(length, side, () => 80)).width).toBe(side);
  });
});
