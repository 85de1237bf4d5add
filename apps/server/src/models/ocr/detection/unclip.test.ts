import { expect, test } from 'vitest';
import { unclip } from './unclip.ts';

test('adds area × ratio / perimeter on every side', () => {
  // 40 × 10: area 400, perimeter 100
  expect(unclip({ left: 100, top: 50, right: 140, bottom: 60 }, 1.5)).toEqual({
    left: 94,
    top: 44,
    right: 146,
    bottom: 66,
  });
});

test('leaves a box as it is with a ratio of 0', () => {
  const box = { left: 1, top: 2, right: 3, bottom: 4 };
  expect(unclip(box, 0)).toEqual(box);
});
