import { expect, test } from 'vitest';
import { means, meansByCategory } from '../evaluate/means.ts';
import { formatReport } from './format-report.ts';

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
