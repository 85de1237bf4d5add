import { expect, test } from 'vitest';
import { parseAlphabet } from './alphabet.ts';

test('puts the blank before and the space after the characters of the dictionary', () => {
  expect(parseAlphabet('一\n乙\n二')).toEqual(['', '一', '乙', '二', ' ']);
});

test('does not count a line break at the end as a character, of whatever kind it is', () => {
  expect(parseAlphabet('a\nb\n')).toEqual(['', 'a', 'b', ' ']);
  expect(parseAlphabet('a\r\nb\r\n')).toEqual(['', 'a', 'b', ' ']);
});
