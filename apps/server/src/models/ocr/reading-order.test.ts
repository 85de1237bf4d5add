import { expect, test } from 'vitest';
import type { Box } from './box.ts';
import { inReadingOrder } from './reading-order.ts';

const box = (left: number, top: number, width = 40, height = 20): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

test('reads rows from top to bottom', () => {
  const [first, second, third] = [box(50, 0), box(0, 25), box(20, 50)];
  expect(inReadingOrder([third, first, second])).toEqual([first, second, third]);
});

test('reads a row from left to right although its boxes are not quite level', () => {
  const [left, middle, right] = [box(0, 4), box(50, 0), box(100, 8)];
  expect(inReadingOrder([right, middle, left])).toEqual([left, middle, right]);
});

test('keeps rows apart whose boxes overlap a little', () => {
  const [above, below] = [box(50, 0), box(0, 16)];
  expect(inReadingOrder([below, above])).toEqual([above, below]);
});

test('does not chain staggered columns into one row', () => {
  const [left, right, next] = [box(0, 0), box(50, 9), box(0, 20)];
  expect(inReadingOrder([next, right, left])).toEqual([left, right, next]);
});

test('does not count a caption as part of the row of a tall box beside it', () => {
  const [caption, price, unit] = [box(100, 0, 30, 10), box(0, 0, 90, 60), box(100, 48, 30, 10)];
  expect(inReadingOrder([unit, price, caption])).toEqual([caption, price, unit]);
});

test('leaves the given boxes as they were', () => {
  const boxes = [box(0, 25), box(0, 0)];
  inReadingOrder(boxes);
  expect(boxes).toEqual([box(0, 25), box(0, 0)]);
  expect(inReadingOrder([])).toEqual([]);
});
