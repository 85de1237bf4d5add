import { expect, test } from 'vitest';
import type { Box } from '../box.ts';
import { joinWords } from './join-words.ts';

const box = (left: number, right: number, top = 0, bottom = 20): Box => ({ left, top, right, bottom });

test('joins words a space apart, or overlapping, into one line, in any order', () => {
  expect(joinWords([box(128, 190, 2, 22), box(0, 60), box(58, 120, 1, 20)])).toEqual([box(0, 190, 0, 22)]);
});

test('keeps the columns of a table apart', () => {
  const cells = [box(0, 60), box(75, 120)];
  expect(joinWords(cells)).toEqual(cells);
});

test('keeps lines apart that touch', () => {
  const lines = [box(0, 60), box(10, 70, 15, 35)];
  expect(joinWords(lines)).toEqual(lines);
});

test('keeps a large price and its small unit apart', () => {
  const price = [box(0, 60, 0, 40), box(62, 80, 20, 40)];
  expect(joinWords(price)).toEqual(price);
});

test('follows a line that climbs slightly', () => {
  const words = [0, 1, 2, 3].map((index) => box(50 * index, 50 * index + 45, 20 - 5 * index, 40 - 5 * index));
  expect(joinWords(words)).toEqual([box(0, 195, 5, 40)]);
});
