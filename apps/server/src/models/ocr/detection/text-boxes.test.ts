import { describe, expect, test } from 'vitest';
import type { Box } from '../box.ts';
import { textBoxes } from './text-boxes.ts';

const size = { width: 64, height: 32 };

/** A map that is 0 but for some filled boxes. */
function mapWith(...filled: (readonly [Box, number])[]) {
  const data = new Float32Array(size.width * size.height);
  for (const [box, probability] of filled) {
    for (let y = box.top; y < box.bottom; y += 1) {
      data.fill(probability, y * size.width + box.left, y * size.width + box.right);
    }
  }
  return { data, ...size };
}

const word = { left: 20, top: 12, right: 40, bottom: 18 };

describe('textBoxes', () => {
  test('grows what it finds and scales it to the image', () => {
    // 20 × 6: the distance is 120 × 1.5 / 52 = 3.46
    expect(textBoxes(mapWith([word, 0.9]), size)).toEqual([{ left: 16, top: 8, right: 44, bottom: 22 }]);
    expect(textBoxes(mapWith([word, 0.9]), { width: 128, height: 96 })).toEqual([
      { left: 33, top: 25, right: 87, bottom: 65 },
    ]);
  });

  test('keeps boxes inside the image', () => {
    expect(textBoxes(mapWith([{ left: 0, top: 0, right: 64, bottom: 32 }, 0.9]), size)).toEqual([
      { left: 0, top: 0, right: 64, bottom: 32 },
    ]);
  });

  test('drops what is thinner than three pixels', () => {
    expect(textBoxes(mapWith([{ ...word, bottom: word.top + 2 }, 0.9]), size)).toEqual([]);
    expect(textBoxes(mapWith([{ ...word, bottom: word.top + 3 }, 0.9]), size)).toHaveLength(1);
  });

  test('drops what is text with a mean probability under 0.6', () => {
    expect(textBoxes(mapWith([word, 0.59]), size)).toEqual([]);
    expect(textBoxes(mapWith([word, 0.61]), size)).toHaveLength(1);
  });

  test('finds nothing in an empty map', () => {
    expect(textBoxes(mapWith(), size)).toEqual([]);
  });
});
