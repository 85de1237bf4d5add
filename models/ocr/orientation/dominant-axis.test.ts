import { describe, expect, test } from 'vitest';
import type { Quad } from '../geometry/quad.ts';
import { turned } from '../geometry/quad.ts';
import { box, leaning } from '../testing/boxes.ts';
import { degreesBetweenAxes, dominantAxis, longAxisOf, uprightDirection } from './dominant-axis.ts';

const line = (degrees: number, length = 200): Quad => leaning(box(0, 0, length, 20), degrees);

describe('longAxisOf', () => {
  test('is the long side, whichever corner is the first', () => {
    for (const degrees of [0, 30, 60, 89, -30, -60, -89]) {
      for (const quarters of [0, 1, 2, 3]) {
        expect(longAxisOf(turned(line(degrees), quarters))).toBeCloseTo(degrees, 6);
      }
    }
  });

  test('of a box that stands is 90, from either side', () => {
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

  test('does not ask boxes that are nearly square', () => {
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
  test('goes by the lines that lie, even where most stand', () => {
    expect(uprightDirection([line(90, 500), line(85, 500), line(4)])).toBeCloseTo(4, 6);
  });

  test('is 0 where no line lies', () => {
    expect(uprightDirection([line(90), line(-80)])).toBe(0);
  });
});
