import { expect, test } from 'vitest';
import { box, leaning, rounded } from '../testing/boxes.ts';
import { unclip } from './unclip.ts';

test('adds area × 1.5 / perimeter on every side', () => {
  // 40 × 10: area 400, perimeter 100
  expect(rounded(unclip(box(100, 50, 40, 10)))).toEqual(rounded(box(94, 44, 52, 22)));
});

test('adds as much to a box that leans', () => {
  expect(rounded(unclip(leaning(box(100, 50, 40, 10), 33)))).toEqual(rounded(leaning(box(94, 44, 52, 22), 33)));
});

test('leaves a point where it is', () => {
  expect(unclip(box(1, 2, 3, 0))).toEqual(box(1, 2, 3, 0));
});
