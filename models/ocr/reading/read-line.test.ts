import { describe, expect, test } from 'vitest';
import { turned } from '../geometry/quad.ts';
import { box } from '../testing/boxes.ts';
import { type Answers, FakeLineReader } from '../testing/fake-line-reader.ts';
import { readLine } from './read-line.ts';

/** Answers that are probabilities by the quarter turns of the quad; 0 where there is none. */
const by =
  (...probabilities: number[]) =>
  (quarters: number): number =>
    probabilities[quarters] ?? 0;

async function reading(quad: ReturnType<typeof box>, answers: Answers, anyWay = true) {
  const reader = new FakeLineReader(answers);
  const { polygon, vertical, confidence } = await readLine(quad, reader, anyWay);
  return { polygon, vertical, confidence, asked: reader.asked };
}

describe('a line that lies', () => {
  const quad = box(0, 0, 100, 20);

  test('is read once where it reads well', async () => {
    expect(await reading(quad, { read: by(0.75, 0, 0.99) })).toEqual({
      polygon: quad,
      vertical: false,
      confidence: 0.75,
      asked: ['read 0'],
    });
  });

  test('is read from the other side where that is surer', async () => {
    expect(await reading(quad, { read: by(0.6, 0, 0.8) })).toMatchObject({
      polygon: turned(quad, 2),
      confidence: 0.8,
      asked: ['read 0', 'read 180'],
    });
  });

  test('stays as it is where the other side is hardly surer', async () => {
    expect(await reading(quad, { read: by(0.6, 0, 0.65) })).toMatchObject({ polygon: quad, confidence: 0.6 });
  });

  test('is not turned for a character or two, which look alike from both sides', async () => {
    const answers = { read: by(0.4, 0, 0.97), text: '0' };
    expect(await reading(quad, answers)).toMatchObject({ polygon: quad, confidence: 0.4 });
  });

  test('is not turned where lines are taken to be upright', async () => {
    expect(await reading(quad, { read: by(0.1, 0, 0.9) }, false)).toMatchObject({ polygon: quad, asked: ['read 0'] });
  });
});

describe('a tall box', () => {
  const quad = box(0, 0, 20, 100);

  test('is read as stacked characters', async () => {
    expect(await reading(quad, { readStacked: by(0.95) })).toEqual({
      polygon: quad,
      vertical: true,
      confidence: 0.95,
      asked: ['readStacked 0'],
    });
  });

  test.each([
    ['down', 0.2, 1],
    ['up', 0.8, 3],
  ])('is read as text on its side that runs %s, as the classifier says', async (_, upsideDown, quarters) => {
    const answers = { readStacked: by(0.4), read: by(0, 0.8, 0, 0.8), upsideDown: by(0, upsideDown) };
    expect(await reading(quad, answers)).toEqual({
      polygon: turned(quad, quarters),
      vertical: false,
      confidence: 0.8,
      asked: ['readStacked 0', 'upsideDown 90', `read ${90 * quarters}`],
    });
  });

  test('stays a column where text on its side is no surer', async () => {
    const answers = { readStacked: by(0.8), read: by(0, 0.7, 0, 0.7) };
    expect(await reading(quad, answers)).toMatchObject({ polygon: quad, vertical: true, confidence: 0.8 });
  });

  test('is not read as text on its side where lines are taken to be upright', async () => {
    const answers = { readStacked: by(0.1), read: by(0, 0.9, 0, 0.9) };
    expect(await reading(quad, answers, false)).toMatchObject({ vertical: true, asked: ['readStacked 0'] });
  });
});

describe('a box a little higher than wide', () => {
  const quad = box(0, 0, 20, 50);

  test('is read as a single narrow character first', async () => {
    expect(await reading(quad, { read: by(0.95), readStacked: by(0.99) })).toMatchObject({
      vertical: false,
      asked: ['read 0'],
    });
  });

  test('is read as stacked characters where that is surer', async () => {
    expect(await reading(quad, { read: by(0.85), readStacked: by(0.93) })).toMatchObject({
      vertical: true,
      asked: ['read 0', 'readStacked 0'],
    });
  });

  test('keeps the surest of all readings', async () => {
    const answers = { read: by(0.8, 0.5), readStacked: by(0.6) };
    expect(await reading(quad, answers)).toMatchObject({ vertical: false, confidence: 0.8, polygon: quad });
  });

  test('is no column below one and a half times its width', async () => {
    expect((await reading(box(0, 0, 20, 29), { read: by(0.75) })).asked).toEqual(['read 0']);
    expect((await reading(box(0, 0, 20, 61), { readStacked: by(0.95) })).asked).toEqual(['readStacked 0']);
  });
});
