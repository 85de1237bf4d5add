import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byCategory, categoryOf, type Score } from './scores.ts';

const score = (figures: Partial<Score>): Score => ({
  characterErrorRate: undefined,
  wordRecall: undefined,
  lines: 0,
  milliseconds: 0,
  ...figures,
});

test.each([
  ['receipt-03.png', 'receipt'],
  [join('receipts', 'page_12.tif'), 'receipts'],
  ['page_12.tif', 'page'],
  ['scan7.jpg', 'scan'],
  ['12.jpg', 'other'],
])('the category of %s is %s', (name, category) => {
  expect(categoryOf(name)).toBe(category);
});

test('a category has the mean of its images, and the error rate of those whose text is known', () => {
  const images = [
    { name: 'page-1.png', scores: [score({ characterErrorRate: 0.2, lines: 2 })] },
    { name: 'page-2.png', scores: [score({ characterErrorRate: 0.4, lines: 4 })] },
    { name: 'page-3.png', scores: [score({ lines: 9 })] },
  ];
  const [page, ...others] = byCategory(images);
  expect(page).toMatchObject({ name: 'page (3)', scores: [{ wordRecall: undefined, lines: 5 }] });
  expect(page?.scores[0]?.characterErrorRate).toBeCloseTo(0.3);
  expect(others).toEqual([]);
});

test('several categories are followed by all images', () => {
  const images = ['b-1.png', 'a-1.png', 'a-2.png'].map((name) => ({ name, scores: [score({})] }));
  expect(byCategory(images).map(({ name }) => name)).toEqual(['a (2)', 'b (1)', 'all (3)']);
});
