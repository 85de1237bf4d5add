import { describe, expect, test } from 'vitest';
import { box, leaning, rounded } from '../testing/boxes.ts';
import { quadAlong, smallestQuad } from './bounding-quad.ts';
import { directionOf, distance, facing, heightOf, type Quad, widthOf } from './quad.ts';
import { itemAt } from '../testing/items.ts';

const inOrder = (quad: Quad): string[] =>
  rounded(quad, 2)
    .map(([x, y]) => `${x} ${y}`)
    .toSorted();

/** Positive where the corners go clockwise; `y` grows downwards. */
const area = (quad: Quad): number =>
  quad.reduce((sum, { x, y }, index) => {
    const next = itemAt(quad, (index + 1) % 4);
    return sum + (x * next.y - next.x * y) / 2;
  }, 0);

describe('smallestQuad', () => {
  test.each([0, 17, 45, 72, 90, -33])('finds a rectangle again that leans by %i degrees', (degrees) => {
    const quad = leaning(box(64, 32, 128, 16), degrees);
    const inside = leaning(box(80, 36, 60, 8), degrees);
    const found = smallestQuad([...inside, quad[2], quad[0], quad[3], quad[1]]);
    expect(area(found)).toBeCloseTo(128 * 16, 1);
    for (const [index, { x, y }] of facing(found, degrees).entries()) {
      expect(distance(itemAt(quad, index), { x, y })).toBeLessThan(0.01);
    }
  });

  test('is smaller than the upright box of a slanting line', () => {
    const found = facing(smallestQuad(leaning(box(0, 0, 200, 10), 20)), 20);
    expect(widthOf(found)).toBeCloseTo(200, 2);
    expect(heightOf(found)).toBeCloseTo(10, 2);
  });

  test('of one point has no area', () => {
    expect(inOrder(smallestQuad([{ x: 7, y: 9 }]))).toEqual(['7 9', '7 9', '7 9', '7 9']);
  });
});

describe('quadAlong', () => {
  const points = [
    { x: 10, y: 40 },
    { x: 50, y: 20 },
    { x: 30, y: 60 },
  ];

  test('at 0 degrees is the upright box', () => {
    expect(rounded(quadAlong(points, 0))).toEqual(rounded(box(10, 20, 40, 40)));
  });

  test('at 90 degrees runs down: its top left corner is on the right', () => {
    expect(rounded(quadAlong(points, 90))).toEqual([
      [50, 20],
      [50, 60],
      [10, 60],
      [10, 20],
    ]);
  });

  test.each([30, -120, 175])('at %i degrees touches the points from outside', (degrees) => {
    const quad = leaning(box(5, -20, 90, 30), degrees);
    expect(rounded(quadAlong(quad, degrees))).toEqual(rounded(quad));
    expect(directionOf(quadAlong(points, degrees))).toBeCloseTo(degrees, 6);
  });
});
