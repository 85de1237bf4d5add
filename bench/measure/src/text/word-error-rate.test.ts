import { expect, test } from 'vitest';
import { wordErrorRate } from './word-error-rate.ts';

test('counts words that are missing, added or changed per word expected', () => {
  expect(wordErrorRate('the black cat', 'the black cat')).toBe(0);
  expect(wordErrorRate('the back cat sat', 'the black cat')).toBe(2 / 3);
  expect(wordErrorRate('', 'two words')).toBe(1);
});

test('does not mind how the lines are broken', () => {
  expect(wordErrorRate('the\nblack  cat\n', 'the black\ncat')).toBe(0);
});

test('takes each character of Chinese and Japanese for a word', () => {
  expect(wordErrorRate('今天天汽', '今天天气')).toBe(1 / 4);
});
