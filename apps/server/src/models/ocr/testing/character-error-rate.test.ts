import { expect, test } from 'vitest';
import { characterErrorRate } from './character-error-rate.ts';

test('counts what is missing, added or changed per character expected', () => {
  expect(characterErrorRate('kitten', 'kitten')).toBe(0);
  expect(characterErrorRate('sitting', 'kitten')).toBe(3 / 6);
  expect(characterErrorRate('', 'four')).toBe(1);
});

test('takes all white space for one space', () => {
  expect(characterErrorRate('one\n\ntwo \n', ' one two')).toBe(0);
  expect(characterErrorRate('onetwo', 'one two')).toBe(1 / 7);
});
