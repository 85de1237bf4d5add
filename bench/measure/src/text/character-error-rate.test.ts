import { expect, test } from 'vitest';
import { characterErrorRate } from './character-error-rate.ts';

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
