import { array, assert, boolean, constantFrom, integer, property, record, tuple, type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut } from './reading-order.ts';
import type { PlacedText } from './outlines.ts';
import { box, column, mappedPage } from './testing/page-builder.ts';

const point = record({ x: integer({ min: -2000, max: 4000 }), y: integer({ min: -2000, max: 4000 }) });
const quads: Arbitrary<PlacedText> = record({
  text: constantFrom('', 'one', 'two words', '12.50', '漢字', 'Label:'),
  polygon: tuple(point, point, point, point),
  vertical: boolean(),
});
const boxes: Arbitrary<PlacedText> = record({
  text: constantFrom('', 'one', 'lower case', 'Upper case', '12.50', '漢字', 'Label:'),
  left: integer({ min: 0, max: 800 }),
  top: integer({ min: 0, max: 800 }),
  width: integer({ min: 0, max: 400 }),
  height: integer({ min: 0, max: 40 }),
}).map(({ text, left, top, width, height }) => box(text, left, top, width, height));

const pages = array(
  constantFrom(quads, boxes, boxes).chain((lines) => lines),
  { maxLength: 60 },
);
const angles = constantFrom(0, 90, 180, -90, 7, -28.5);

describe('the layout of any page', () => {
  test('has each line once', () => {
    assert(
      property(pages, angles, (page, angle) => {
        const { lines } = layOut(page, angle);
        expect(lines).toHaveLength(page.length);
        expect(new Set(lines)).toEqual(new Set(page));
      }),
    );
  });

  test('has the text of each line as often as the page has it', () => {
    const words = (text: string): string[] =>
      text
        .split(/\s/)
        .filter((word) => word !== '')
        .toSorted();
    assert(
      property(array(boxes.map((placed) => ({ ...placed, text: placed.text.replace('漢字', 'kanji') }))), (page) => {
        expect(words(layOut(page, 0).text)).toEqual(words(page.map(({ text }) => text).join(' ')));
      }),
    );
  });

  test('does not depend on the order of the input', () => {
    assert(
      property(pages, angles, integer({ min: 1, max: 50 }), (page, angle, by) => {
        const other = [...page.slice(by), ...page.slice(0, by)].toReversed();
        expect(layOut(other, angle)).toEqual(layOut(page, angle));
      }),
    );
  });

  test('does not depend on where the page lies or how large it is', () => {
    assert(
      property(pages, angles, integer({ min: 2, max: 9 }), point, (page, angle, scale, by) => {
        const other = mappedPage(page, ({ x, y }) => ({ x: x * scale + by.x, y: y * scale + by.y }));
        expect(layOut(other, angle).text).toBe(layOut(page, angle).text);
        const places = (lines: readonly PlacedText[]): number[] => lines.map((placed) => lines.indexOf(placed));
        expect(places(layOut(other, angle).lines)).toEqual(places(layOut(page, angle).lines));
      }),
    );
  });
});

test('lays out lines that are points, or all in one place', () => {
  const point = { x: 5, y: 5 };
  const dot: PlacedText = { text: 'dot', polygon: [point, point, point, point] };
  expect(layOut([dot], 30).text).toBe('dot');
  expect(layOut([dot, { ...dot }, { ...dot }], 0).lines).toHaveLength(3);
  expect(layOut([...column(['some', 'lines'], 0, 0), dot], 0).lines).toHaveLength(3);
});

test('lays out two thousand lines', () => {
  const page = Array.from({ length: 2000 }, (_, index) =>
    box(`cell ${index}`, (index % 8) * 200, Math.floor(index / 8) * 26, 90 + ((index * 37) % 60), 20),
  );
  expect(layOut(page.toReversed(), 0).lines).toEqual(page);
});
