import { expect, test } from 'vitest';
import { findWord, nextWord, piecesOf } from './words.ts';

const words = (...texts: string[]): { text: string }[] => texts.map((text) => ({ text }));

test('a line is cut into its words and the spaces between them', () => {
  expect(piecesOf('to be or', words('to', 'be', 'or'))).toEqual([
    { text: 'to', word: 0 },
    { text: ' ' },
    { text: 'be', word: 1 },
    { text: ' ' },
    { text: 'or', word: 2 },
  ]);
});

test('the same word twice is two pieces', () => {
  expect(piecesOf('aa', words('a', 'a'))).toEqual([
    { text: 'a', word: 0 },
    { text: 'a', word: 1 },
  ]);
});

test('text without spaces is one word', () => {
  expect(piecesOf('你好', words('你好'))).toEqual([{ text: '你好', word: 0 }]);
});

test('no text is lost, whatever the words are', () => {
  const pieces = piecesOf('x 12 y', words('none', '12', ''));
  expect(pieces).toEqual([{ text: 'x ' }, { text: '12', word: 1 }, { text: ' y' }]);
  expect(piecesOf('alone', [])).toEqual([{ text: 'alone' }]);
});

const lines = [{ words: words('to', 'be') }, {}, { words: words('or', 'not', 'to') }];

test('a word is found by its line and its place', () => {
  expect(findWord(lines, '2.1')).toEqual({ text: 'not' });
  expect(findWord(lines, '1.0')).toBeUndefined();
  expect(findWord(lines, '7.7')).toBeUndefined();
  expect(findWord(lines, undefined)).toBeUndefined();
});

test('the right and left arrow keys lead through the words of a line and stop at its ends', () => {
  expect(nextWord(lines, 0, undefined, 'ArrowRight')).toBe('0.0');
  expect(nextWord(lines, 0, '0.0', 'ArrowRight')).toBe('0.1');
  expect(nextWord(lines, 0, '0.1', 'ArrowRight')).toBe('0.1');
  expect(nextWord(lines, 0, '0.1', 'ArrowLeft')).toBe('0.0');
  expect(nextWord(lines, 2, undefined, 'ArrowLeft')).toBe('2.2');
});

test('a word of another line is left for the first one', () => {
  expect(nextWord(lines, 2, '0.1', 'ArrowRight')).toBe('2.0');
});

test('no other key leads to a word, and no key in a line without words', () => {
  expect(nextWord(lines, 0, undefined, 'Enter')).toBeUndefined();
  expect(nextWord(lines, 1, undefined, 'ArrowRight')).toBeUndefined();
  expect(nextWord(lines, undefined, undefined, 'ArrowRight')).toBeUndefined();
});
