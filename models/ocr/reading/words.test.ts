import { describe, expect, test } from 'vitest';
import { textOf } from '../recognition/ctc.ts';
import { box, leaning, rounded } from '../testing/boxes.ts';
import type { ReadLine } from './line-reader.ts';
import { wordsOf } from './words.ts';
import { itemAt } from '../testing/item-at.ts';

/** Characters at these shares of the line; a space in the text stands before the next of them. */
function line(text: string, middles: readonly number[], polygon = box(0, 0, 100, 10), vertical = false): ReadLine {
  const letters = Array.from(text.replaceAll(' ', ''));
  const starts = new Set<number>();
  for (let at = 0, count = 0; at < text.length; at += 1) {
    if (text[at] === ' ') starts.add(count);
    else count += 1;
  }
  const characters = letters.map((letter, index) => ({
    text: letter,
    probability: letter === '?' ? 0.4 : 0.8,
    followsSpace: starts.has(index),
    middle: itemAt(middles, index),
  }));
  return { text: textOf(characters), confidence: 0.8, characters, polygon, vertical };
}

const spans = (read: ReadLine): [string, number, number][] =>
  wordsOf(read).map(({ text, polygon }) => [text, Number(polygon[0].x.toFixed(3)), Number(polygon[1].x.toFixed(3))]);

describe('wordsOf', () => {
  test('reaches half a character beyond the outer ones, and to the ends of the line', () => {
    const read = line('abc de', [0.15, 0.25, 0.35, 0.65, 0.75]);
    expect(spans(read)).toEqual([
      ['abc', 0, 40],
      ['de', 60, 100],
    ]);
  });

  test('ends a word no later than the middle before the next', () => {
    const read = line('ab cd', [0.2, 0.4, 0.5, 0.7]);
    expect(spans(read)).toEqual([
      ['ab', 0, 45],
      ['cd', 45, 100],
    ]);
  });

  test('takes a letter alone to be as wide as the line has room for', () => {
    const [first, second, third] = spans(line('a b c', [0.1, 0.5, 0.9]));
    expect(first?.[1]).toBe(0);
    expect(second).toEqual(['b', 41.667, 58.333]);
    expect(third?.[2]).toBe(100);
  });

  test('is the whole line where there is one word only', () => {
    const read = line('word', [0.2, 0.4, 0.6, 0.7]);
    expect(wordsOf(read)).toEqual([{ text: 'word', confidence: expect.closeTo(0.8), polygon: read.polygon }]);
  });

  test('has the confidence of its own characters', () => {
    const words = wordsOf(line('ab ?c', [0.2, 0.3, 0.7, 0.8]));
    expect(words.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.8), expect.closeTo(0.6)]);
  });

  test('lies in the line where that leans', () => {
    const polygon = leaning(box(0, 0, 100, 10), 30);
    const [first] = wordsOf(line('abc de', [0.15, 0.25, 0.35, 0.65, 0.75], polygon));
    expect(rounded(first?.polygon ?? [])).toEqual(rounded(leaning(box(0, 0, 40, 10), 30)));
  });

  test('goes down a column of characters', () => {
    const words = wordsOf(line('一二 三四', [0.15, 0.25, 0.75, 0.85], box(0, 0, 10, 100), true));
    expect(words.map(({ polygon }) => rounded(polygon))).toEqual([
      rounded(box(0, 0, 10, 30)),
      rounded(box(0, 70, 10, 30)),
    ]);
  });

  test('finds none where nothing was read', () => {
    expect(wordsOf(line('', []))).toEqual([]);
  });
});
