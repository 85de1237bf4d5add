import { expect, test } from 'vitest';
import { confidenceText } from './confidence.ts';

test.each([
  [0.9997, '0.99'],
  [1, '1.00'],
  [0.29, '0.29'],
  [0.5, '0.50'],
  [0, '0.00'],
])('a confidence of %d is written %s', (confidence, text) => {
  expect(confidenceText(confidence)).toBe(text);
});
