import { expect, test } from 'vitest';
import { decodeCandidates } from './decode-candidates.ts';

const anchors = [
  { x: 0.25, y: 0.75 },
  { x: 0.5, y: 0.5 },
];
const points = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((value) => value * 10);
const shapes = Float32Array.from([10, -20, 50, 40, ...points, 0, 0, 30, 30, ...points]);

test('places are counted from the anchor, and sizes are not', () => {
  const [first] = decodeCandidates({ anchors, scores: Float32Array.of(0, -9), shapes }, 100, 0.5);
  const [x, y, width, height, rightEyeX, rightEyeY] = first?.shape ?? [];
  expect([x, y, width, height]).toEqual([0.35, 0.55, 0.5, 0.4].map((value) => expect.closeTo(value)));
  expect([rightEyeX, rightEyeY]).toEqual([0.35, 0.95].map((value) => expect.closeTo(value)));
  expect(first?.shape).toHaveLength(16);
});

test('a score is a logit', () => {
  const scores = Float32Array.of(Math.log(3), -Math.log(3));
  const confidences = decodeCandidates({ anchors, scores, shapes }, 100, 0).map(({ confidence }) => confidence);
  expect(confidences).toEqual([expect.closeTo(0.75), expect.closeTo(0.25)]);
});

test('scores beyond any measure are 0 and 1', () => {
  const scores = Float32Array.of(1000, -1000);
  expect(decodeCandidates({ anchors, scores, shapes }, 100, 0).map(({ confidence }) => confidence)).toEqual([1, 0]);
});

test('candidates below the confidence asked for are left out', () => {
  const found = decodeCandidates({ anchors, scores: Float32Array.of(-1, 1), shapes }, 100, 0.5);
  expect(found.map(({ shape }) => shape[0])).toEqual([0.5]);
});

test('candidates without an area are left out', () => {
  const flat = shapes.slice();
  flat[3] = 0;
  flat[16 + 2] = -5;
  expect(decodeCandidates({ anchors, scores: Float32Array.of(1, 1), shapes: flat }, 100, 0)).toEqual([]);
});
