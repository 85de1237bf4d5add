import { describe, expect, test } from 'vitest';
import { layOut } from './lay-out.ts';
import type { Point } from '../geometry/quad.ts';
import { column, line, mappedPage, mixed, noisyPage, turnedPage, wrapped } from './testing/page-builder.ts';
import { prose } from './testing/prose.ts';

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
