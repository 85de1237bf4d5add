import { describe, expect, test } from 'vitest';
import type { Point } from '../geometry/quad.ts';
import type { PlacedText } from './outlines.ts';
import { layOut } from './reading-order.ts';
import {
  column,
  line,
  mappedPage,
  mixed,
  noisyPage,
  prose,
  turnedPage,
  verticalColumns,
  wrapped,
} from './testing/page-builder.ts';

const [first, second] = [wrapped(prose.ishmael, 34), wrapped(prose.november, 34)];
const receipt = ['Organic whole milk', 'Bread, half a loaf', 'Free-range eggs', 'Butter, salted', 'TOTAL'];
const prices = ['2.50', '3.10', '4.95', '2.20', '12.75'];

const newspaper = [
  line('The Daily Whale reports', 60, 0, { height: 50 }),
  ...column(first, 0, 90),
  ...column(second, 370, 90),
];
const newspaperText = `The Daily Whale reports\n\n${first.join('\n')}\n\n${second.join('\n')}`;
const till = [...column(receipt, 0, 0), ...column(prices, 600, 0)];
const tillText = receipt.map((text, index) => `${text} ${prices[index]}`).join('\n');

describe('a page', () => {
  test.each([-30, -12, -3, 5, 20, 30])('that lies skewed by %d degrees reads as if it were upright', (degrees) => {
    expect(layOut(mixed(turnedPage(newspaper, degrees)), -degrees).text).toBe(newspaperText);
    expect(layOut(mixed(turnedPage(till, degrees)), -degrees).text).toBe(tillText);
  });

  test.each([90, 180, -90])('that is turned by %d degrees reads as if it were upright', (degrees) => {
    expect(layOut(mixed(turnedPage(newspaper, degrees)), -degrees).text).toBe(newspaperText);
    expect(layOut(mixed(turnedPage(till, degrees)), -degrees).text).toBe(tillText);
  });

  test.each([-3, -2, 2, 3])('keeps its rows where the angle is wrong by %d degrees', (degrees) => {
    expect(layOut(mixed(turnedPage(newspaper, degrees)), 0).text).toBe(newspaperText);
    expect(layOut(mixed(turnedPage(till, degrees)), 0).text).toBe(tillText);
    expect(layOut(mixed(turnedPage(till, degrees + 90)), -90).text).toBe(tillText);
  });

  test('with skew keeps its rows though a stamp lies across it', () => {
    const stamp = turnedPage([line('COPY FOR OUR OWN RECORDS ONLY', 150, -120, { height: 30 })], 35);
    const { lines } = layOut(mixed([...turnedPage(till, 2), ...stamp]), 0);
    const rows = receipt.flatMap((text, index) => [text, prices[index]]);
    expect(lines.map(({ text }) => text).filter((text) => !text.startsWith('COPY'))).toEqual(rows);
  });

  test.each([1, 2])('reads the same though its boxes are off by %d pixels', (pixels) => {
    expect(layOut(mixed(noisyPage(newspaper, pixels)), 0).text).toBe(newspaperText);
    expect(layOut(mixed(noisyPage(till, pixels)), 0).text).toBe(tillText);
    expect(layOut(mixed(noisyPage(turnedPage(newspaper, 2), pixels)), 0).text).toBe(newspaperText);
  });
});

describe('a page in perspective', () => {
  /** A sheet on a desk: what is further down is nearer and larger. */
  const fromBelow = ({ x, y }: Point): Point => ({ x: 350 + (x - 350) / (1.3 - y / 1500), y: y / (1.3 - y / 1500) });
  /** Photographed from the side: what is further right is smaller and lies higher or lower. */
  const fromTheSide = ({ x, y }: Point): Point => ({ x: x / (1 + x / 2500), y: 200 + (y - 200) / (1 + x / 2500) });

  test('whose lines converge keeps its rows and columns', () => {
    expect(layOut(mixed(mappedPage(newspaper, fromTheSide)), 0).text).toBe(newspaperText);
    expect(layOut(mixed(mappedPage(till, fromTheSide)), 0).text).toBe(tillText);
  });

  test('whose lines grow down the page keeps its rows and columns', () => {
    expect(layOut(mixed(mappedPage(newspaper, fromBelow)), 0).text).toBe(newspaperText);
    expect(layOut(mixed(mappedPage(till, fromBelow)), 0).text).toBe(tillText);
  });
});

const read = (page: readonly PlacedText[], angle = 0): string => layOut(mixed(page), angle).text;

const poem = [
  '国境の長いトンネルを抜けると雪国',
  'であった夜の底が白くなった信号所',
  'に汽車が止まった向側の座席から娘',
  'が立って来て島村の前の硝子窓を落',
];
const next = [
  '吾輩は猫である名前はまだ無いどこ',
  'で生れたかとんと見当がつかぬ何で',
  'も薄暗いじめじめした所でニャーニ',
  'ャー泣いていた事だけは記憶してい',
];

describe('vertical text', () => {
  test('is read column by column from the right', () => {
    expect(read(verticalColumns(poem, 500, 0))).toBe(poem.join('\n'));
  });

  test('joins the fragments of a column without a space', () => {
    const [top, bottom] = [verticalColumns(['国境の長い'], 500, 0), verticalColumns(['トンネルを抜けると'], 500, 105)];
    expect(read([...top, ...bottom, ...verticalColumns(['雪国であった'], 470, 0)])).toBe(
      '国境の長いトンネルを抜けると\n雪国であった',
    );
  });

  test('in two tiers is read tier by tier', () => {
    const page = [...verticalColumns(poem, 500, 0), ...verticalColumns(next, 500, 360)];
    expect(read(page)).toBe(`${poem.join('\n')}\n\n${next.join('\n')}`);
  });

  test('parts paragraphs where columns are further apart', () => {
    const page = [...verticalColumns(poem, 500, 0), ...verticalColumns(next, 350, 0)];
    expect(read(page)).toBe(`${poem.join('\n')}\n\n${next.join('\n')}`);
  });

  test('is read the same on a skewed page', () => {
    expect(read(turnedPage(verticalColumns(poem, 500, 0), 8), -8)).toBe(poem.join('\n'));
    expect(read(turnedPage(verticalColumns(poem, 500, 0), 2))).toBe(poem.join('\n'));
  });

  test('comes after the level title above it', () => {
    const page = [line('雪国', 200, -60, { height: 40, characterWidth: 1 }), ...verticalColumns(poem, 300, 0)];
    expect(read(page)).toBe(`雪国\n\n${poem.join('\n')}`);
  });

  test('is a block of its own beside level text', () => {
    const text = wrapped(prose.ishmael, 40);
    const sign = ['営業中です', 'どうぞ'];
    const page = [...column(text, 0, 0), ...verticalColumns(sign, 520, 30)];
    expect(read(page)).toBe(`${text.join('\n')}\n\n${sign.join('\n')}`);
  });
});

test('reads a note that runs up the margin as a block of its own', () => {
  const text = wrapped(prose.ishmael, 40);
  const note = turnedPage([line('Printed in Nantucket', 0, 0, { height: 14 })], -90);
  const page = [...column(text, 60, -230), ...note];
  expect(read(page)).toBe(`Printed in Nantucket\n\n${text.join('\n')}`);
});
