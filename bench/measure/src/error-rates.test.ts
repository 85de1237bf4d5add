import { expect, test } from 'vitest';
import { characterErrorRate, wordErrorRate, wordRecall } from './error-rates.ts';

test('counts what is missing, added or changed per character expected', () => {
  expect(characterErrorRate('kitten', 'kitten')).toBe(0);
  expect(characterErrorRate('sitting', 'kitten')).toBe(3 / 6);
  expect(characterErrorRate('', 'four')).toBe(1);
  expect(characterErrorRate('four and more', 'four')).toBe(9 / 4);
});

test('takes all white space for one space', () => {
  expect(characterErrorRate('one\n\ntwo \n', ' one two')).toBe(0);
  expect(characterErrorRate('one　two', 'one two')).toBe(0);
  expect(characterErrorRate('onetwo', 'one two')).toBe(1 / 7);
});

test('counts a character outside the basic plane once', () => {
  expect(characterErrorRate('𠀀', '𠀁中')).toBe(1);
  expect(characterErrorRate('中', '中文')).toBe(1 / 2);
});

test('takes anything for one error where nothing is expected', () => {
  expect(characterErrorRate('', ' \n')).toBe(0);
  expect(characterErrorRate('dust', '')).toBe(1);
});

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
