import { expect, test } from 'vitest';
import { accuracyReport, worseImages } from './accuracy-report.ts';
import type { Score } from './score.ts';

const score = (characterErrorRate: number | undefined): Score => ({
  characterErrorRate,
  wordRecall: characterErrorRate === undefined ? undefined : 0.5,
  lines: 3,
  milliseconds: 12.34,
});

const readers = ['ours', 'theirs'];

test('each figure stands beside that of the other reader', () => {
  const { header, rows } = accuracyReport('Title', readers, [{ name: 'a.png', scores: [score(0.025), score(0)] }]);
  expect(header.slice(0, 3)).toEqual(['image', 'CER %, ours', 'CER %, theirs']);
  expect(rows).toEqual([['a.png', '2.5', '0.0', '50.0', '50.0', '3', '3', '12.3', '12.3']]);
});

test('an image without an expected text has no error rate', () => {
  const { rows } = accuracyReport('Title', readers, [{ name: 'a.png', scores: [score(undefined), score(undefined)] }]);
  expect(rows[0]?.slice(1, 5)).toEqual(['', '', '', '']);
});

test('says which images the first reader reads worse, the worst first', () => {
  const images = [
    { name: 'slightly.png', scores: [score(0.1), score(0.05)] },
    { name: 'much.png', scores: [score(0.9), score(0)] },
    { name: 'better.png', scores: [score(0), score(0.5)] },
  ];
  expect(worseImages(readers, images)).toEqual([
    'ours makes more mistakes than theirs in: much.png (90.0 against 0.0 %), slightly.png (10.0 against 5.0 %).',
  ]);
  expect(worseImages(readers, images.slice(2))).toEqual(['ours makes more mistakes than theirs in: none.']);
});
