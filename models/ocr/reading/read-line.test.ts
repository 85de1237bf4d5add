import { describe, expect, test } from 'vitest';
import { turned } from '../geometry/quad.ts';
import { textOf } from '../recognition/ctc.ts';
import { box, leaning, rounded } from '../testing/boxes.ts';
import { FakeLineReader, type Scores } from '../testing/fake-line-reader.ts';
import { itemAt } from '../testing/items.ts';
import { type ReadLine, readLine, wordsOf } from './read-line.ts';

/** A probability for each number of quarter turns of the quad; 0 where there is none. */
const by =
  (...probabilities: number[]) =>
  (quarters: number): number =>
    probabilities[quarters] ?? 0;

async function reading(quad: ReturnType<typeof box>, scores: Scores, detectOrientation = true) {
  const reader = new FakeLineReader(scores);
  const { polygon, vertical, confidence } = await readLine(quad, reader, detectOrientation);
  return { polygon, vertical, confidence, calls: reader.calls };
}

describe('a line that lies', () => {
  const quad = box(0, 0, 100, 20);

  test('is read once where it reads well', async () => {
    expect(await reading(quad, { read: by(0.75, 0, 0.99) })).toEqual({
      polygon: quad,
      vertical: false,
      confidence: 0.75,
      calls: ['read 0'],
    });
  });

  test('is read from the other side where that is surer', async () => {
    expect(await reading(quad, { read: by(0.6, 0, 0.8) })).toMatchObject({
      polygon: turned(quad, 2),
      confidence: 0.8,
      calls: ['read 0', 'read 180'],
    });
  });

  test('stays as it is where the other side is hardly surer', async () => {
    expect(await reading(quad, { read: by(0.6, 0, 0.65) })).toMatchObject({ polygon: quad, confidence: 0.6 });
  });

  test('is not turned for a character or two, which look alike from both sides', async () => {
    const scores = { read: by(0.4, 0, 0.97), text: '0' };
    expect(await reading(quad, scores)).toMatchObject({ polygon: quad, confidence: 0.4 });
  });

  test('is not turned where lines are taken to be upright', async () => {
    expect(await reading(quad, { read: by(0.1, 0, 0.9) }, false)).toMatchObject({ polygon: quad, calls: ['read 0'] });
  });
});

describe('a tall box', () => {
  const quad = box(0, 0, 20, 100);

  test('is read as stacked characters', async () => {
    expect(await reading(quad, { readStacked: by(0.95) })).toEqual({
      polygon: quad,
      vertical: true,
      confidence: 0.95,
      calls: ['readStacked 0'],
    });
  });

  test.each([
    ['down', 0.2, 1],
    ['up', 0.8, 3],
  ])('is read as text on its side that runs %s, as the classifier says', async (_, upsideDown, quarters) => {
    const scores = { readStacked: by(0.4), read: by(0, 0.8, 0, 0.8), upsideDown: by(0, upsideDown) };
    expect(await reading(quad, scores)).toEqual({
      polygon: turned(quad, quarters),
      vertical: false,
      confidence: 0.8,
      calls: ['readStacked 0', 'upsideDown 90', `read ${90 * quarters}`],
    });
  });

  test('stays a column where text on its side is no surer', async () => {
    const scores = { readStacked: by(0.8), read: by(0, 0.7, 0, 0.7) };
    expect(await reading(quad, scores)).toMatchObject({ polygon: quad, vertical: true, confidence: 0.8 });
  });

  test('is not read as text on its side where lines are taken to be upright', async () => {
    const scores = { readStacked: by(0.1), read: by(0, 0.9, 0, 0.9) };
    expect(await reading(quad, scores, false)).toMatchObject({ vertical: true, calls: ['readStacked 0'] });
  });
});

describe('a box a little higher than wide', () => {
  const quad = box(0, 0, 20, 50);

  test('is read as a single narrow character first', async () => {
    expect(await reading(quad, { read: by(0.95), readStacked: by(0.99) })).toMatchObject({
      vertical: false,
      calls: ['read 0'],
    });
  });

  test('is read as stacked characters where that is surer', async () => {
    expect(await reading(quad, { read: by(0.85), readStacked: by(0.93) })).toMatchObject({
      vertical: true,
      calls: ['read 0', 'readStacked 0'],
    });
  });

  test('keeps the surest of all readings', async () => {
    const scores = { read: by(0.8, 0.5), readStacked: by(0.6) };
    expect(await reading(quad, scores)).toMatchObject({ vertical: false, confidence: 0.8, polygon: quad });
  });

  test('is no column below one and a half times its width', async () => {
    expect((await reading(box(0, 0, 20, 29), { read: by(0.75) })).calls).toEqual(['read 0']);
    expect((await reading(box(0, 0, 20, 61), { readStacked: by(0.95) })).calls).toEqual(['readStacked 0']);
  });
});

/** Characters at these shares of the line; a space in the text comes before the next of them. */
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
