import { describe, expect, test } from 'vitest';
import { confidenceOf, decodeCtc, isSpace, textOf } from './ctc.ts';

const alphabet = ['', 'a', 'b', ' '];

/** Time steps given as the probability of blank, `a`, `b` and the space. */
const steps = (...rows: [number, number, number, number][]): Float32Array => Float32Array.from(rows.flat());
const blank: [number, number, number, number] = [1, 0, 0, 0];
const a: [number, number, number, number] = [0.1, 0.9, 0, 0];
const b: [number, number, number, number] = [0.3, 0, 0.7, 0];
const nothing = { text: '', confidence: 0, characters: [] };
const space: [number, number, number, number] = [0.2, 0, 0, 0.8];

describe('decodeCtc', () => {
  test('merges repeats and drops blanks', () => {
    expect(decodeCtc(steps(blank, a, a, blank, b, b, b, blank), alphabet).text).toBe('ab');
  });

  test('keeps a letter twice when a blank is between', () => {
    expect(decodeCtc(steps(a, blank, a), alphabet).text).toBe('aa');
  });

  test('has a confidence: the mean probability of the characters', () => {
    expect(decodeCtc(steps(a, blank, b), alphabet).confidence).toBeCloseTo(0.8);
  });

  test('says of each character how likely it is, where its middle is and whether a space comes before it', () => {
    expect(decodeCtc(steps(blank, a, a, a, space, b, b), alphabet).characters).toEqual([
      { text: 'a', probability: expect.closeTo(0.9), followsSpace: false, middle: 2 },
      { text: 'b', probability: expect.closeTo(0.7), followsSpace: true, middle: 5.5 },
    ]);
  });

  test('starts no text with a space', () => {
    const [first] = decodeCtc(steps(space, a), alphabet).characters;
    expect(first?.followsSpace).toBe(false);
  });

  test('finds no text, and no confidence, in blanks alone', () => {
    expect(decodeCtc(steps(blank, blank), alphabet)).toEqual(nothing);
    expect(decodeCtc(new Float32Array(), alphabet)).toEqual(nothing);
  });

  test('puts one space between words and none at the ends', () => {
    expect(decodeCtc(steps(space, a, space, blank, space, b, space), alphabet).text).toBe('a b');
  });

  test('restores a space that is second to the blank in a wide gap', () => {
    const hidden: [number, number, number, number] = [0.9, 0, 0, 0.1];
    expect(decodeCtc(steps(a, blank, hidden, blank, b), alphabet).text).toBe('a b');
    expect(decodeCtc(steps(a, hidden, blank, b), alphabet).text).toBe('ab');
    expect(decodeCtc(steps(a, blank, blank, blank, b), alphabet).text).toBe('ab');
  });
});

test('a part of the characters has a text and a confidence of its own', () => {
  const { characters } = decodeCtc(steps(a, space, a, b, space, b), alphabet);
  expect(textOf(characters)).toBe('a ab b');
  expect(textOf(characters.slice(1, 3))).toBe('ab');
  expect(confidenceOf(characters.slice(1, 3))).toBeCloseTo(0.8);
  expect([textOf([]), confidenceOf([])]).toEqual(['', 0]);
});

describe('isSpace', () => {
  const wide = { steps: 5, hasSpace: false, spaceProbability: 0.1 };

  test('believes the model that sees a space', () => {
    expect(isSpace({ steps: 2, hasSpace: true, spaceProbability: 0.5 }, 'a', 'b')).toBe(true);
    expect(isSpace({ steps: 2, hasSpace: true, spaceProbability: 0.5 }, '一', '二')).toBe(true);
  });

  test('restores a space that is second to the blank in a wide gap', () => {
    expect(isSpace(wide, 'a', '2')).toBe(true);
  });

  test('leaves letters together where the gap is narrow or the space unlikely', () => {
    expect(isSpace({ ...wide, steps: 3 }, 'a', 'b')).toBe(false);
    expect(isSpace({ ...wide, spaceProbability: 0.01 }, 'a', 'b')).toBe(false);
  });

  test('restores none beside a Chinese character', () => {
    expect(isSpace(wide, '一', 'b')).toBe(false);
    expect(isSpace(wide, 'a', '二')).toBe(false);
  });

  test('restores none beside a mark that is as wide as a Chinese character', () => {
    expect(isSpace(wide, '）', '，')).toBe(false);
    expect(isSpace(wide, '。', 'a')).toBe(false);
    expect(isSpace(wide, ')', ',')).toBe(true);
  });
});
