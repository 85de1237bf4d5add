import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { box, leaning, rounded } from '../testing/boxes.ts';
import {
  centreOf,
  degreesBetween,
  directionOf,
  facing,
  grow,
  heightOf,
  normaliseDegrees,
  partOf,
  type Quad,
  turned,
  widthOf,
} from './quad.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const degrees = number(-720, 720);
const quads: fc.Arbitrary<Quad> = fc
  .tuple(number(-500, 500), number(-500, 500), number(1, 900), number(1, 900), degrees)
  .map(([left, top, width, height, lean]) => leaning(box(left, top, width, height), lean));

describe('turned', () => {
  test('makes text that runs right run down', () => {
    const quad = box(10, 20, 100, 30);
    expect(turned(quad, 1)).toEqual([quad[1], quad[2], quad[3], quad[0]]);
    expect([0, 1, 2, 3].map((quarters) => Math.abs(directionOf(turned(quad, quarters))))).toEqual([0, 90, 180, 90]);
    expect(directionOf(turned(quad, 1))).toBe(90);
    expect([widthOf(turned(quad, 1)), heightOf(turned(quad, 1))]).toEqual([30, 100]);
  });

  test('adds up, and four quarters are none', () => {
    const quarters = fc.integer({ min: -8, max: 8 });
    fc.assert(
      fc.property(quads, quarters, quarters, (quad, first, second) => {
        expect(turned(turned(quad, first), second)).toEqual(turned(quad, first + second));
        expect(turned(quad, first + 4)).toEqual(turned(quad, first));
      }),
    );
  });
});

describe('facing', () => {
  test('gives the corners a direction at most 45 degrees from the given one', () => {
    fc.assert(
      fc.property(quads, degrees, (quad, direction) => {
        expect(Math.abs(degreesBetween(directionOf(facing(quad, direction)), direction))).toBeLessThan(45 + 1e-6);
      }),
    );
  });

  test('keeps the corners in their order', () => {
    const quad = leaning(box(0, 0, 80, 10), 30);
    expect(facing(quad, 20)).toEqual(quad);
    expect(facing(quad, -150)).toEqual(turned(quad, 2));
    expect(facing(quad, 130)).toEqual(turned(quad, 1));
    expect(facing(quad, -50)).toEqual(turned(quad, 3));
  });
});

describe('directionOf', () => {
  test.each([0, 30, 90, 150, -30, -90, -150])('grows clockwise: %i degrees', (lean) => {
    expect(directionOf(leaning(box(5, 5, 60, 20), lean))).toBeCloseTo(lean, 9);
  });

  test('of a quad that widens is the one of its middle', () => {
    const wedge: Quad = [
      { x: 0, y: 0 },
      { x: 100, y: -10 },
      { x: 100, y: 30 },
      { x: 0, y: 20 },
    ];
    expect(directionOf(wedge)).toBe(0);
    expect([widthOf(wedge), heightOf(wedge)]).toEqual([Math.hypot(100, 10), 40]);
  });
});

test('the sides of a quad that narrows are the longer ones', () => {
  const narrowing: Quad = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 60, y: 30 },
    { x: 0, y: 30 },
  ];
  expect([widthOf(narrowing), heightOf(narrowing)]).toEqual([100, 50]);
});

describe('grow', () => {
  test('moves every edge outwards and nothing else', () => {
    fc.assert(
      fc.property(quads, number(0, 100), (quad, by) => {
        const grown = grow(quad, by);
        expect(widthOf(grown)).toBeCloseTo(widthOf(quad) + 2 * by, 6);
        expect(heightOf(grown)).toBeCloseTo(heightOf(quad) + 2 * by, 6);
        expect(degreesBetween(directionOf(grown), directionOf(quad))).toBeCloseTo(0, 6);
        expect(rounded([centreOf(grown)], 6)).toEqual(rounded([centreOf(quad)], 6));
      }),
    );
  });

  test('leaves a quad without an area where it is', () => {
    expect(grow(box(3, 4, 0, 0), 5)).toEqual(box(3, 4, 0, 0));
  });
});

describe('partOf', () => {
  test('cuts across the text and down it', () => {
    expect(partOf(box(10, 20, 100, 40), 'across', 0.2, 0.5)).toEqual(box(30, 20, 30, 40));
    expect(partOf(box(10, 20, 100, 40), 'down', 0.25, 1)).toEqual(box(10, 30, 100, 30));
  });

  test('runs the way of the whole and has its share of it', () => {
    fc.assert(
      fc.property(quads, number(0, 0.4), number(0.6, 1), (quad, from, to) => {
        const part = partOf(quad, 'across', from, to);
        expect(widthOf(part)).toBeCloseTo((to - from) * widthOf(quad), 6);
        expect(heightOf(part)).toBeCloseTo(heightOf(quad), 6);
        expect(degreesBetween(directionOf(part), directionOf(quad))).toBeCloseTo(0, 4);
      }),
    );
  });
});

test('normaliseDegrees gives the same direction from -180 up to, not including, 180', () => {
  expect([180, -180, 540, 190, -190, 0].map(normaliseDegrees)).toEqual([-180, -180, -180, -170, 170, 0]);
});
