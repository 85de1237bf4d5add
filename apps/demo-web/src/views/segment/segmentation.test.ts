import { expect, test } from 'vitest';
import { coverageOf } from './segmentation.ts';

test('a mask covers what is white in it, and half of what is grey', () => {
  const mask = [255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 127.5, 127.5, 127.5, 255];
  expect(coverageOf(mask, 'mask')).toBeCloseTo(0.375);
});

test('a cut-out covers what is not transparent, whatever its colour', () => {
  expect(coverageOf([0, 0, 0, 255, 255, 255, 255, 0], 'cutout')).toBeCloseTo(0.5);
});
