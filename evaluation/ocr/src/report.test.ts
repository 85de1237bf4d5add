import { expect, test } from 'vitest';
import { means, meansByCategory } from './evaluate.ts';
import { exceeded, formatReport } from './report.ts';

const score = {
  category: 'skew',
  name: 'skew/plus-05.jpg',
  characterErrorRate: 0.0125,
  wordErrorRate: 0.25,
  wordRecall: 0.75,
  milliseconds: 123.4,
  expected: '',
  actual: '',
};

test('lines up images, categories and the whole', () => {
  const scores = [score];
  expect(formatReport({ scores, categories: meansByCategory(scores), overall: means(scores) })).toBe(
    [
      'image                CER     WER  recall   ms',
      '---------------------------------------------',
      'skew/plus-05.jpg  0.0125  0.2500  0.7500  123',
      '',
      'mean of  images     CER     WER  recall   ms',
      '--------------------------------------------',
      'skew          1  0.0125  0.2500  0.7500  123',
      'all           1  0.0125  0.2500  0.7500  123',
      '',
    ].join('\n'),
  );
});

const category = (characterErrorRate: number) => ({
  images: 1,
  characterErrorRate,
  wordErrorRate: 0,
  wordRecall: 1,
  milliseconds: 1,
});

test('lets a category reach its bound, and those without one do as they like', () => {
  expect(exceeded({ skew: category(0.02), receipts: category(0.9) }, { skew: 0.02 })).toEqual([]);
});

test('names each category that is over its bound', () => {
  expect(exceeded({ skew: category(0.021), upright: category(0) }, { upright: 0, skew: 0.02 })).toEqual([
    'skew has a CER of 0.0210; at most 0.02 is allowed.',
  ]);
});

test('does not pass a category that is not there', () => {
  expect(exceeded({}, { upright: 0 })).toEqual(['upright has a bound and no images.']);
});
