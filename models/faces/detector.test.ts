import { expect, test } from 'vitest';
import { decodeGrid, gridAnchors } from './detector.ts';

test('a grid is read row by row, and the anchors of a cell lie in its middle', () => {
  expect(gridAnchors({ cells: 2, anchorsPerCell: 2 })).toEqual([
    { x: 0.25, y: 0.25 },
    { x: 0.25, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.25, y: 0.75 },
    { x: 0.25, y: 0.75 },
    { x: 0.75, y: 0.75 },
    { x: 0.75, y: 0.75 },
  ]);
});

test('there are as many anchors as the network has outputs', () => {
  const fineAnchors = gridAnchors({ cells: 16, anchorsPerCell: 2 });
  const coarseAnchors = gridAnchors({ cells: 8, anchorsPerCell: 6 });
  expect([fineAnchors.length, coarseAnchors.length]).toEqual([512, 384]);
  expect(fineAnchors[0]).toEqual({ x: 1 / 32, y: 1 / 32 });
  expect(coarseAnchors.at(-1)).toEqual({ x: 15 / 16, y: 15 / 16 });
});

const anchors = [
  { x: 0.25, y: 0.75 },
  { x: 0.5, y: 0.5 },
];
const points = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((value) => value * 10);
const coordinates = Float32Array.from([10, -20, 50, 40, ...points, 0, 0, 30, 30, ...points]);

test('places are counted from the anchor, and sizes are not', () => {
  const [first] = decodeGrid({ anchors, scores: Float32Array.of(0, -9), coordinates }, 100, 0.5);
  const [x, y, width, height, rightEyeX, rightEyeY] = first?.coordinates ?? [];
  expect([x, y, width, height]).toEqual([0.35, 0.55, 0.5, 0.4].map((value) => expect.closeTo(value)));
  expect([rightEyeX, rightEyeY]).toEqual([0.35, 0.95].map((value) => expect.closeTo(value)));
  expect(first?.coordinates).toHaveLength(16);
});

test('a score is a logit', () => {
  const scores = Float32Array.of(Math.log(3), -Math.log(3));
  const confidences = decodeGrid({ anchors, scores, coordinates }, 100, 0).map(({ confidence }) => confidence);
  expect(confidences).toEqual([expect.closeTo(0.75), expect.closeTo(0.25)]);
});

test('scores beyond any measure are 0 and 1', () => {
  const scores = Float32Array.of(1000, -1000);
  expect(decodeGrid({ anchors, scores, coordinates }, 100, 0).map(({ confidence }) => confidence)).toEqual([1, 0]);
});

test('detections below the confidence asked for are left out', () => {
  const found = decodeGrid({ anchors, scores: Float32Array.of(-1, 1), coordinates }, 100, 0.5);
  expect(found.map(({ coordinates }) => coordinates[0])).toEqual([0.5]);
});

test('detections without an area are left out', () => {
  const flat = coordinates.slice();
  flat[3] = 0;
  flat[16 + 2] = -5;
  expect(decodeGrid({ anchors, scores: Float32Array.of(1, 1), coordinates: flat }, 100, 0)).toEqual([]);
});
