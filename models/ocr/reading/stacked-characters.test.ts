import { describe, expect, test } from 'vitest';
import type { RgbImage } from '@portico/media';
import { drawImage, pixelAt } from '../testing/draw-image.ts';
import { unstack } from './stacked-characters.ts';

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
