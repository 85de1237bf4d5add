import { expect, test } from 'vitest';
import { box, isInside, leaning } from '../testing/boxes.ts';
import { probabilityMap } from '../testing/probability-map.ts';
import { boxScore } from './box-score.ts';

test('is the mean probability of the pixels in the box', () => {
  const map = probabilityMap(60, 40, (x) => (x < 30 ? 0.9 : 0.3));
  expect(boxScore(map, box(10, 10, 10, 10))).toBeCloseTo(0.9);
  expect(boxScore(map, box(20, 10, 19, 10))).toBeCloseTo(0.6);
});

test('counts no pixel beside a box that leans', () => {
  const bar = leaning(box(20, 20, 70, 10), 40, { x: 20, y: 20 });
  const map = probabilityMap(100, 100, (x, y) => (isInside(bar, { x, y }, 1) ? 0.8 : 0));
  expect(boxScore(map, bar)).toBeCloseTo(0.8);
});

test('does not depend on the corner at which the box begins', () => {
  const map = probabilityMap(50, 50, (x, y) => (x + y) / 100);
  const [first, second, third, fourth] = leaning(box(25, 10, 20, 8), 30, { x: 25, y: 10 });
  const score = boxScore(map, [first, second, third, fourth]);
  expect(boxScore(map, [third, fourth, first, second])).toBeCloseTo(score, 9);
});

test('counts only what lies on the map', () => {
  const map = probabilityMap(30, 20, () => 0.7);
  expect(boxScore(map, box(-10, -10, 60, 50))).toBeCloseTo(0.7);
});
