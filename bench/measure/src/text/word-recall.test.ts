import { expect, test } from 'vitest';
import { wordRecall } from './word-recall.ts';

test('finds words in any order', () => {
  expect(wordRecall('cat the black', 'the black cat')).toBe(1);
  expect(wordRecall('the dog', 'the black cat')).toBe(1 / 3);
});

test('finds a word as often as it was read', () => {
  expect(wordRecall('the', 'the the')).toBe(1 / 2);
  expect(wordRecall('the the the', 'the the')).toBe(1);
});

test('has nothing to miss where nothing is expected', () => {
  expect(wordRecall('dust', '')).toBe(1);
});

test('takes each character of Chinese and Japanese for a word', () => {
  expect(wordRecall('极速', '极速发货')).toBe(1 / 2);
  expect(wordRecall('40°C 防冻', '防冻40°C')).toBe(1);
});
