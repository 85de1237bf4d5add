import { describe, expect, test } from 'vitest';
import { layOut } from './reading-order.ts';
import type { PlacedText } from './outlines.ts';
import { box, column, line, mappedPage, mixed, noisyPage, prose, wrapped } from './testing/page-builder.ts';

const read = (page: readonly PlacedText[]): string => layOut(mixed(page), 0).text;

const [first, second, third] = [prose.ishmael, prose.november, prose.cato].map((text) => wrapped(text, 60)) as [
  string[],
  string[],
  string[],
];
const paragraphs = `${first.join('\n')}\n\n${second.join('\n')}\n\n${third.join('\n')}`;

/** Lines at given distances from the one before, in pixels. */
const spaced = (texts: readonly string[], distances: readonly number[]): PlacedText[] =>
  texts.map((text, index) =>
    line(
      text,
      0,
      distances.slice(0, index + 1).reduce((a, b) => a + b, 0),
    ),
  );

describe('a paragraph', () => {
  test.each([0.5, 1])('ends at a gap of %d lines', (lines) => {
    const gap = lines * 26;
    const page = [
      ...column(first, 0, 0),
      ...column(second, 0, first.length * 26 + gap),
      ...column(third, 0, (first.length + second.length) * 26 + 2 * gap),
    ];
    expect(read(page)).toBe(paragraphs);
    expect(read(noisyPage(page, 1))).toBe(paragraphs);
  });

  test('ends at a gap where all have two lines', () => {
    const texts = [first, second, third].map((lines) => lines.slice(0, 2));
    const page = texts.flatMap((lines, index) => column(lines, 0, index * 72));
    expect(read(page)).toBe(texts.map((lines) => lines.join('\n')).join('\n\n'));
  });

  test('does not end where gaps are uneven', () => {
    expect(read(spaced(second, [0, 26, 29, 24, 28, 23]))).toBe(second.join('\n'));
  });

  test('does not end where lines are widely but evenly spaced', () => {
    expect(read(column(second, 0, 0, { distance: 2.4 }))).toBe(second.join('\n'));
  });

  test('does not end at a line whose box is lower for want of ascenders', () => {
    const page = [
      box('Nothing can be known of', 0, 0, 220, 20),
      box('or seen on our moon so soon', 0, 32, 250, 12),
      box('but by ships', 0, 52, 98, 20),
    ];
    expect(read(page)).toBe(page.map(({ text }) => text).join('\n'));
  });

  test('is set off from a heading in larger type', () => {
    const page = [line('Loomings', 0, -36, { height: 32 }), ...column(first, 0, 0)];
    expect(read(page)).toBe(`Loomings\n\n${first.join('\n')}`);
  });

  test('is set off from fine print below it', () => {
    const page = [...column(first, 0, 0), ...column(second, 0, first.length * 26, { height: 13 })];
    expect(read(page)).toBe(`${first.join('\n')}\n\n${second.join('\n')}`);
  });

  describe('with an indented first line', () => {
    const page = [first, second, third].flatMap((lines, index) => {
      const top = [first, second].slice(0, index).reduce((sum, { length }) => sum + length * 26, 0);
      return lines.map((text, row) => line(text, row === 0 ? 25 : 0, top + row * 26));
    });

    test('begins there', () => {
      expect(read(page)).toBe(paragraphs);
    });

    test('begins there on a sheet seen from below', () => {
      const nearness = (y: number): number => 1 / (1.2 - y / 3000);
      const seen = mappedPage(page, ({ x, y }) => ({ x: 400 + (x - 400) * nearness(y), y: y * nearness(y) }));
      expect(read(seen)).toBe(paragraphs);
    });
  });

  test('does not begin at the lines under the first of an entry that hangs', () => {
    const page = second.map((text, index) => line(text, index % 2 === 0 ? 0 : 30, index * 26));
    expect(read(page)).toBe(second.join('\n'));
  });

  test('does not begin anew with each line that is centred', () => {
    const texts = [
      'In memory of',
      'the crew of the whaleship Essex',
      'who sailed from',
      'Nantucket',
      'and did not return',
    ];
    const page = texts.map((text, index) => line(text, 300 - text.length * 5, index * 26));
    expect(read(page)).toBe(texts.join('\n'));
  });
});
