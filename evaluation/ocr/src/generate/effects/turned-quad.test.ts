import { expect, test } from 'vitest';
import { turnedQuad, turnedSize } from './turned-quad.ts';

test('grows with the angle', () => {
  expect(turnedSize({ width: 200, height: 100 }, 0)).toEqual({ width: 200, height: 100 });
  expect(turnedSize({ width: 100, height: 100 }, 45)).toEqual({ width: 142, height: 142 });
});

test('turns clockwise around the middle', () => {
  const [topLeft, topRight] = turnedQuad({ width: 200, height: 100 }, 90, { width: 300, height: 300 });
  expect(topLeft[0]).toBeCloseTo(200);
  expect(topLeft[1]).toBeCloseTo(50);
  expect(topRight[0]).toBeCloseTo(200);
  expect(topRight[1]).toBeCloseTo(250);
});
