import { describe, expect, test } from 'vitest';
import { heightOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import { box, leaning } from '../testing/boxes.ts';
import { FakeLineReader, type Scores } from '../testing/fake-line-reader.ts';
import { degreesBetweenAxes, dominantAxis, longAxisOf, pageDirection, uprightDirection } from './page-direction.ts';

/** Lines one below the other, the page turned by some degrees. */
const page = (degrees: number, lengths: readonly number[]): Quad[] =>
  lengths.map((length, index) => leaning(box(0, 40 * index, length, 20), degrees));

async function direction(quads: readonly Quad[], scores: Scores) {
  const reader = new FakeLineReader(scores);
  return { degrees: await pageDirection(quads, reader), calls: reader.calls };
}

/** Text can be read only the way it runs. */
const runs = (quarters: number, confidence = 0.95) => ({
  read: (turns: number) => (turns === quarters ? confidence : 0.3),
  upsideDown: (turns: number) => (turns === quarters ? 0.1 : 0.9),
});

const five = [300, 290, 280, 270, 260];

describe('the direction of a page', () => {
  test('is its axis where the classifier takes most of the longest lines to be upright', async () => {
    const { degrees, calls } = await direction(page(8, five), runs(0));
    expect(degrees).toBeCloseTo(8);
    expect(calls).toEqual(['upsideDown 0', 'upsideDown 0', 'upsideDown 0']);
  });

  test('is turned half where the lines are upside down, and reading says so too', async () => {
    const { degrees, calls } = await direction(page(-172, five), runs(2));
    expect(degrees).toBeCloseTo(-172);
    expect(calls.slice(0, 3)).toEqual(['upsideDown 0', 'upsideDown 0', 'upsideDown 0']);
    expect(calls.slice(3)).toEqual(['read 0', 'read 180']);
  });

  test('is read from more lines as long as none of the ways leads clearly', async () => {
    const read = (quarters: number, [{ y }]: Quad): number => (quarters === 2 || y < 40 ? 0.9 : 0.7);
    const { degrees, calls } = await direction(page(0, five), { read, upsideDown: () => 0.9 });
    expect(degrees).toBe(-180);
    expect(calls.slice(3).toSorted()).toEqual(['read 0', 'read 0', 'read 0', 'read 180', 'read 180', 'read 180']);
  });

  test('is read from the beginnings of lines: eight heights are enough', async () => {
    const widths: number[] = [];
    const read = (quarters: number, quad: Quad): number => {
      widths.push(widthOf(quad) / heightOf(quad));
      return quarters === 2 ? 0.9 : 0.2;
    };
    await direction(page(0, [2_000, 2_000]), { read, upsideDown: () => 0.9 });
    expect(widths.map(Math.round)).toEqual([8, 8]);
  });

  test('is not turned by the classifier alone', async () => {
    const { degrees } = await direction(page(0, five), { ...runs(0), upsideDown: () => 0.9 });
    expect(degrees).toBe(0);
  });

  test('is decided by the majority: two upside down of five do not turn it', async () => {
    const scores = { read: runs(2).read, upsideDown: (_: number, [{ y }]: Quad) => (y < 80 ? 0.9 : 0.1) };
    const { degrees, calls } = await direction(page(0, five), scores);
    expect([degrees, calls.length]).toEqual([0, 5]);
  });

  test('is decided by the majority: three upside down of five have it read', async () => {
    const scores = { read: runs(2).read, upsideDown: (_: number, [{ y }]: Quad) => (y < 80 ? 0.1 : 0.9) };
    expect((await direction(page(0, five), scores)).degrees).toBe(-180);
  });

  test.each([
    [90, 1],
    [-90, 3],
  ])('of a page on its side is %i degrees, as it reads', async (degrees, quarters) => {
    expect((await direction(page(degrees, five), runs(quarters))).degrees).toBe(degrees);
    expect((await direction(page(degrees + 3, five), runs(quarters))).degrees).toBeCloseTo(degrees + 3);
  });

  test('of columns of characters is upright: they read about as well lying on their side', async () => {
    const scores = { read: () => 0.93, readStacked: (quarters: number) => (quarters === 0 ? 0.9 : 0) };
    expect((await direction(page(90, five), scores)).degrees).toBe(0);
    expect((await direction(page(86, five), scores)).degrees).toBeCloseTo(-4);
    expect((await direction(page(-86, five), scores)).degrees).toBeCloseTo(4);
  });

  test('of text on its side is not upright because its columns are read badly', async () => {
    const scores = { ...runs(1, 0.95), readStacked: () => 0.85 };
    expect((await direction(page(90, five), scores)).degrees).toBe(90);
  });

  test('classifies the longest lines, and none that lies another way', async () => {
    const calls: number[] = [];
    const reader = new FakeLineReader({
      upsideDown: (_, [left, right]) => calls.push(Math.round(right.x - left.x)) && 0,
    });
    const across = Array.from({ length: 2 }, (_, index) => box(500 + 50 * index, 0, 20, 400));
    expect(await pageDirection([...page(0, [50, 400, 60, 300, 70, 200, 80]), ...across], reader)).toBe(0);
    expect(calls).toEqual([400, 300, 200]);
  });

  test('is 0 for a page without text, without reading', async () => {
    expect(await direction([], {})).toEqual({ degrees: 0, calls: [] });
  });
});

const line = (degrees: number, length = 200): Quad => leaning(box(0, 0, length, 20), degrees);

describe('longAxisOf', () => {
  test('is the long side, whichever corner is the first', () => {
    for (const degrees of [0, 30, 60, 89, -30, -60, -89]) {
      for (const quarters of [0, 1, 2, 3]) {
        expect(longAxisOf(turned(line(degrees), quarters))).toBeCloseTo(degrees, 6);
      }
    }
  });

  test('of an upright box is 90, from either side', () => {
    expect(longAxisOf(box(0, 0, 20, 200))).toBe(90);
    expect(longAxisOf(turned(box(0, 0, 20, 200), 2))).toBe(90);
  });
});

test('axes have no beginning and no end', () => {
  expect(degreesBetweenAxes(10, 30)).toBe(20);
  expect(degreesBetweenAxes(-89, 89)).toBe(2);
  expect(degreesBetweenAxes(0, 180)).toBe(0);
  expect(degreesBetweenAxes(0, 90)).toBe(90);
});

describe('dominantAxis', () => {
  test.each([0, 7, -12.5, 44, -70, 88])('of a page at %d degrees is where its lines run, give or take', (degrees) => {
    const lines = [-1, -0.5, 0, 0.5, 1].map((noise) => line(degrees + noise));
    expect(dominantAxis(lines)).toBeCloseTo(degrees, 6);
  });

  test('goes by the length of the text, not the number of boxes', () => {
    expect(dominantAxis([line(5, 900), line(80, 150), line(80, 160), line(80, 170)])).toBeCloseTo(5, 6);
    expect(dominantAxis([line(5, 300), line(80, 150), line(80, 160), line(80, 170)])).toBeCloseTo(80, 6);
  });

  test('is not turned by a long box that lies a little otherwise', () => {
    const lines = [10, 10, 10, 10, 10].map((degrees) => line(degrees));
    expect(dominantAxis([...lines, line(22, 400)])).toBeCloseTo(10, 6);
  });

  test('ignores boxes that are nearly square', () => {
    const squares = Array.from({ length: 20 }, () => leaning(box(0, 0, 39, 20), 40));
    expect(dominantAxis([...squares, line(3)])).toBeCloseTo(3, 6);
  });

  test('takes lines on either side of 90 degrees together', () => {
    expect(dominantAxis([line(88), line(91), line(-88)])).toBeCloseTo(-89, 6);
    expect(dominantAxis([line(-89), line(90), line(89)])).toBe(90);
    expect(dominantAxis([line(-90), line(-90)])).toBe(90);
  });

  test('is 0 where nothing shows one', () => {
    expect(dominantAxis([])).toBe(0);
    expect(dominantAxis([leaning(box(0, 0, 20, 20), 30)])).toBe(0);
  });
});

describe('uprightDirection', () => {
  test('goes by the lines that lie, even where most are upright', () => {
    expect(uprightDirection([line(90, 500), line(85, 500), line(4)])).toBeCloseTo(4, 6);
  });

  test('is 0 where no line lies', () => {
    expect(uprightDirection([line(90), line(-80)])).toBe(0);
  });
});
