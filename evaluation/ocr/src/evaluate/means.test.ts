import { expect, test } from 'vitest';
import { means, meansByCategory } from './means.ts';
import type { Score } from './score.ts';

const score = (category: string, characterErrorRate: number): Score => ({
  category,
  name: `${category}.png`,
  characterErrorRate,
  wordErrorRate: 0.5,
  wordRecall: 1,
  milliseconds: 100,
  expected: '',
  actual: '',
});
const scores = [score('skew', 0), score('skew', 0.5), score('upright', 0.25)];

test('counts each image the same', () => {
  expect(means(scores)).toEqual({
    images: 3,
    characterErrorRate: 0.25,
    wordErrorRate: 0.5,
    wordRecall: 1,
    milliseconds: 100,
  });
});

test('takes categories apart', () => {
  const byCategory = meansByCategory(scores);
  expect(Object.keys(byCategory)).toEqual(['skew', 'upright']);
  expect(byCategory['skew']).toMatchObject({ images: 2, characterErrorRate: 0.25 });
});
