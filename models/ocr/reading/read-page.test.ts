import { describe, expect, test } from 'vitest';
import { regionBox } from '../detection/text-regions.ts';
import { degreesBetween, directionOf, partOf, type Quad, widthOf } from '../geometry/quad.ts';
import { box, leaning } from '../testing/boxes.ts';
import { FakeLineReader, type Scores, textAt } from '../testing/fake-line-reader.ts';
import { only } from '../testing/items.ts';
import { readPage } from './read-page.ts';

const lines = [0, 1, 2, 3, 4].map((index) => box(0, 60 * index, 300 - 10 * index, 20));
const turnedLines = (degrees: number): Quad[] => lines.map((line) => leaning(line, degrees));

async function read(regions: readonly Quad[], scores: Scores, detectOrientation = true) {
  const tilts: number[] = [];
  const detect = (tilt: number): Promise<readonly Quad[]> => {
    tilts.push(Math.round(tilt * 10) / 10);
    return Promise.resolve(regions);
  };
  return { ...(await readPage(detect, new FakeLineReader(scores), detectOrientation)), tilts };
}

const runs = (quarters: number) => ({
  read: (turns: number) => (turns === quarters ? 0.95 : 0.3),
  upsideDown: (turns: number) => (turns === quarters ? 0.1 : 0.9),
});

describe('readPage', () => {
  test.each([
    [0, 0],
    [6, 0],
    [90, 1],
    [-90, 3],
    [180, 2],
    [-172, 2],
  ])('turned by %i degrees, reads its lines the way they run', async (degrees, quarters) => {
    const page = await read(turnedLines(degrees), runs(quarters));
    expect(page.angle).toBe(degrees === 180 ? 180 : 0 - degrees);
    expect(page.tilts).toEqual([0]);
    expect(page.lines).toHaveLength(5);
    for (const { polygon, confidence } of page.lines) {
      expect(degreesBetween(directionOf(polygon), degrees)).toBeCloseTo(0, 1);
      expect(confidence).toBe(0.95);
    }
  });

  test.each([20, -35, 65, -60])('looks again for lines that lean by %i degrees', async (degrees) => {
    const page = await read(turnedLines(degrees), { read: () => 0.95 });
    expect(page.tilts).toEqual([0, degrees]);
    expect(page.lines).toHaveLength(5);
  });

  test('reads what it saw when it looked again', async () => {
    const whole = turnedLines(25);
    const fragments = whole.map((line) => partOf(line, 'across', 0, 0.4));
    const reader = new FakeLineReader({ read: () => 0.95 });
    const page = await readPage((tilt) => Promise.resolve(tilt === 0 ? fragments : whole), reader, true);
    for (const { polygon } of page.lines) expect(widthOf(polygon)).toBeGreaterThan(250);
  });

  test('reads a line from the side that the page is read from, though the other reads nearly as well', async () => {
    const scores = { read: (quarters: number) => (quarters === 2 ? 0.75 : 0.72), upsideDown: () => 0.9 };
    const { lines: read180 } = await read(turnedLines(180), scores);
    expect(read180.map(({ polygon }) => Math.abs(directionOf(polygon)))).toEqual([180, 180, 180, 180, 180]);
  });

  test('gives the angle to a tenth of a degree', async () => {
    expect((await read(turnedLines(3.14), runs(0))).angle).toBe(-3.1);
    expect((await read(turnedLines(0), runs(0))).angle).toBe(0);
    expect((await read(turnedLines(0.02), runs(0))).angle).toBe(0);
  });

  test('joins the words of a line before reading it', async () => {
    const [left, right] = [box(0, 0, 100, 20), box(130, 0, 80, 20)];
    const line = only((await read([left, right], runs(0))).lines);
    const [topLeft, , , bottomLeft] = regionBox(left, 0);
    const [, topRight, bottomRight] = regionBox(right, 0);
    expect(line.text).toBe(textAt([topLeft, topRight, bottomRight, bottomLeft]));
  });

  test('has nothing to read on a page without text', async () => {
    expect(await read([], {})).toEqual({ lines: [], angle: 0, tilts: [0] });
  });

  test('turns the page half where most of its text could be read from the other side only', async () => {
    const upsideDown = { read: runs(2).read, upsideDown: () => 0.1 };
    expect((await read(turnedLines(180), upsideDown)).angle).toBe(180);
    const oneOfThem = {
      ...upsideDown,
      read: (turns: number, [{ y }, , below]: Quad) => (turns === (Math.min(y, below.y) > 200 ? 2 : 0) ? 0.95 : 0.3),
    };
    expect((await read(lines, oneOfThem)).angle).toBe(0);
  });

  test('weighs how much could be read from the other side by the length of the text', async () => {
    const regions = [box(0, 0, 600, 20), box(0, 60, 90, 20), box(0, 120, 90, 20)];
    const longTurned = (quarters: number, quad: Quad) => (quarters === (widthOf(quad) > 300 ? 2 : 0) ? 0.95 : 0.3);
    expect((await read(regions, { read: longTurned, upsideDown: () => 0.1 })).angle).toBe(180);
  });

  test('does not count columns of characters when it decides from which side most was read', async () => {
    const regions = [box(0, 0, 400, 20), ...[0, 1, 2].map((index) => box(500 + 60 * index, 0, 20, 120))];
    const scores = { read: runs(2).read, readStacked: () => 0.95, upsideDown: () => 0.1 };
    const page = await read(regions, scores);
    expect(page.lines.filter(({ vertical }) => vertical)).toHaveLength(3);
    expect(page.angle).toBe(180);
  });

  test('takes the page to be upright where its orientation need not be found', async () => {
    const page = await read(turnedLines(180), runs(2), false);
    expect(page.angle).toBe(0);
    expect(page.lines.map(({ confidence }) => confidence)).toEqual([0.3, 0.3, 0.3, 0.3, 0.3]);
    expect((await read(turnedLines(-4), runs(0), false)).angle).toBe(4);
  });
});
