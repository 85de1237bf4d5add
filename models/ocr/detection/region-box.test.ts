import { expect, test } from 'vitest';
import { directionOf, heightOf, turned, widthOf } from '../geometry/quad.ts';
import { box, leaning, rounded } from '../testing/boxes.ts';
import { regionBox } from './region-box.ts';

test('is the grown box of the text, along the text', () => {
  const found = regionBox(leaning(box(100, 50, 40, 10), 25), 10);
  expect(rounded(found, 1)).toEqual(rounded(leaning(box(94, 44, 52, 22), 25), 1));
});

test('begins at the corner where text of that direction begins', () => {
  const text = box(100, 50, 40, 10);
  const grown = box(94, 44, 52, 22);
  for (const quarters of [0, 1, 2, 3]) {
    expect(rounded(regionBox(text, 90 * quarters - 10), 2)).toEqual(rounded(turned(grown, quarters), 2));
  }
});

test('lies along the page where its own shape does not tell a direction', () => {
  const found = regionBox(leaning(box(0, 0, 19, 10), 30), 0);
  expect(directionOf(found)).toBe(0);
  expect(widthOf(found)).toBeGreaterThan(heightOf(found));
  expect(directionOf(regionBox(leaning(box(0, 0, 21, 10), 30), 0))).toBeCloseTo(30, 1);
});
