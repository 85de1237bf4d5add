import { describe, expect, test } from 'vitest';
import { directionOf, type Quad, widthOf } from '../geometry/quad.ts';
import { box, leaning, rounded } from '../testing/boxes.ts';
import { joinWords } from './join-words.ts';
import { only } from '../testing/items.ts';

const joined = (quads: readonly Quad[], direction = 0): [number, number][][] =>
  joinWords(quads, direction).map((quad) => rounded(quad, 1));
const as = (...quads: readonly Quad[]): [number, number][][] => quads.map((quad) => rounded(quad, 1));

describe('joinWords', () => {
  test('joins words a space apart, or overlapping, into one line, in any order', () => {
    const words = [box(128, 0, 62, 20), box(0, 0, 60, 20), box(58, 2, 62, 17)];
    expect(joined(words)).toEqual(as(box(0, 0, 190, 20)));
  });

  test.each([33, 90, 180, -90])('joins the words of a page whose text runs in a direction of %i degrees', (degrees) => {
    const words = [box(128, 0, 62, 20), box(0, 0, 60, 20), box(58, 0, 62, 20)];
    const page = words.map((word) => leaning(word, degrees));
    expect(joined(page, degrees)).toEqual(as(leaning(box(0, 0, 190, 20), degrees)));
  });

  test('keeps the columns of a table apart', () => {
    const cells = [box(0, 0, 60, 20), box(75, 0, 45, 20)];
    expect(joined(cells)).toEqual(as(...cells));
  });

  test('keeps lines apart that touch', () => {
    const lines = [box(0, 0, 60, 20), box(10, 15, 60, 20)];
    expect(joined(lines)).toEqual(as(...lines));
  });

  test('keeps a large price and its small unit apart', () => {
    const price = [box(0, 0, 60, 40), box(62, 20, 18, 20)];
    expect(joined(price)).toEqual(as(...price));
  });

  test('keeps what lies within a line apart from it', () => {
    const boxes = [box(0, 0, 100, 20), box(20, 2, 40, 16)];
    expect(joined(boxes)).toEqual(as(...boxes));
  });

  test('keeps words apart that run in different directions', () => {
    const first = box(0, 0, 60, 20);
    const second = (degrees: number): Quad => leaning(box(62, 0, 60, 20), degrees, { x: 92, y: 10 });
    expect(joined([first, second(15)])).toEqual(as(first, second(15)));
    expect(joined([first, second(5)])).toHaveLength(1);
  });

  test('follows a line that climbs slightly', () => {
    const words = [0, 1, 2, 3].map((index) => leaning(box(50 * index, 200, 45, 20), -6));
    const line = only(joinWords(words, 0));
    expect(directionOf(line)).toBeCloseTo(-6, 1);
    expect(widthOf(line)).toBeCloseTo(195, 1);
  });

  test('never joins columns of characters that are side by side', () => {
    const columns = [box(0, 0, 20, 90), box(24, 0, 20, 90), box(48, 0, 20, 90)];
    expect(joined(columns)).toEqual(as(...columns));
    const page = columns.map((column) => leaning(column, 90));
    expect(joined(page, 90)).toEqual(as(...page));
  });

  test('joins a narrow letter to its word', () => {
    expect(joined([box(0, 0, 10, 20), box(12, 0, 50, 20)])).toEqual(as(box(0, 0, 62, 20)));
  });

  test('leaves out a full stop that was found a second time within its line', () => {
    const line = box(0, 0, 200, 20);
    expect(joined([line, box(192, 10, 8.4, 8)])).toEqual(as(line));
    expect(joined([leaning(line, 90), leaning(box(192, 10, 8.4, 8), 90)], 90)).toEqual(as(leaning(line, 90)));
  });

  test.each([
    ['beyond the end of the line', box(220, 10, 8, 8)],
    ['below it', box(100, 14, 8, 8)],
    ['half as high', box(100, 5, 8, 10)],
    ['longer than a speck', box(100, 5, 30, 8)],
  ])('keeps what is small but %s', (_, small) => {
    expect(joined([box(0, 0, 200, 20), small])).toHaveLength(2);
  });

  test('keeps a character within a column', () => {
    expect(joined([box(0, 0, 20, 120), box(2, 30, 16, 16)])).toHaveLength(2);
  });

  test('has nothing to join on an empty page', () => {
    expect(joinWords([], 0)).toEqual([]);
  });
});
