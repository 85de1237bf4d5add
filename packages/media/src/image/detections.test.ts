import { describe, expect, test } from 'vitest';
import { readBoxes, readEndToEnd, readScoredBoxes, readYolo } from './detections.ts';
import { suppressByClass } from './overlaps.ts';

const canvas = { width: 32, height: 32 };
const transposed = ([first = [], ...rest]: readonly (readonly number[])[]): number[] =>
  first.flatMap((value, column) => [value, ...rest.map((row) => row[column] ?? NaN)]);

describe('the output of a YOLO network', () => {
  // Six boxes of two classes; a network has more boxes than values for each.
  const none = [0, 0, 1, 1, 0.1, 0.1];
  const rows = [none, [10, 20, 4, 8, 0.2, 0.9], none, none, [5, 5, 2, 2, 0.7, 0.3], none, none];
  const found = [
    { box: { x: 8, y: 16, width: 4, height: 8 }, score: 0.9, classIndex: 1 },
    { box: { x: 4, y: 4, width: 2, height: 2 }, score: 0.7, classIndex: 0 },
  ];

  test('has a row for each box', () => {
    const output = { dims: [1, 7, 6], data: rows.flat() };
    expect(readYolo(output, { minScore: 0.5, form: 'classes', canvas })).toEqual(found);
  });

  test('has a column for each box since YOLOv8', () => {
    const output = { dims: [1, 6, 7], data: transposed(rows) };
    expect(readYolo(output, { minScore: 0.5, form: 'classes', canvas })).toEqual(found);
  });

  test('has a score of there being anything before YOLOv8', () => {
    const boxes = rows.map((row) => [...row.slice(0, 4), 0.5, ...row.slice(4)]);
    const output = { dims: [7, 7], data: boxes.flat() };
    expect(readYolo(output, { minScore: 0.4, form: 'objectness', canvas })).toEqual([{ ...found[0], score: 0.45 }]);
  });

  test("is relative to the cells of YOLOX's grids", () => {
    // 16 cells of 8 pixels, 4 of 16, and 1 of 32.
    const cells = Array.from({ length: 21 }, () => [0, 0, 0, 0, 0, 0]);
    cells[5] = [0.5, 0.5, Math.log(2), 0, 1, 0.8];
    cells[20] = [0.5, 0.5, 0, 0, 1, 0.6];
    const output = { dims: [1, 21, 6], data: cells.flat() };
    expect(readYolo(output, { minScore: 0.5, form: 'yolox', canvas })).toEqual([
      { box: { x: 4, y: 8, width: 16, height: 8 }, score: 0.8, classIndex: 0 },
      { box: { x: 0, y: 0, width: 32, height: 32 }, score: 0.6, classIndex: 0 },
    ]);
    const other = { dims: [1, 20, 6], data: cells.slice(1).flat() };
    expect(() => readYolo(other, { minScore: 0.5, form: 'yolox', canvas })).toThrow('21 boxes in 32 × 32 pixels');
  });

  test('of other axes is refused', () => {
    const output = { dims: [1, 2, 3, 4], data: Array<number>(24).fill(0) };
    expect(() => readYolo(output, { minScore: 0.5, form: 'classes', canvas })).toThrow('[1, 2, 3, 4]');
  });
});

test('a detector with suppression in its graph says corners, score and class', () => {
  const output = { dims: [1, 2, 6], data: [1, 2, 11, 22, 0.9, 3, 0, 0, 1, 1, 0.1, 0] };
  const scale = { width: 1, height: 1 };
  expect(readEndToEnd(output, { minScore: 0.5, format: 'corners', scale })).toEqual([
    { box: { x: 1, y: 2, width: 10, height: 20 }, score: 0.9, classIndex: 3 },
  ]);
  const empty = { dims: [1, 0, 6], data: [] };
  expect(readEndToEnd(empty, { minScore: 0.5, format: 'corners', scale })).toEqual([]);
});

test('boxes, scores and classes may be outputs of their own, in parts of the picture and with a background class', () => {
  const outputs = {
    boxes: [0, 0.5, 0.5, 1, 0, 0, 1, 1],
    scores: [0.9, 0.9],
    classes: [1n, 2n],
    count: 1,
    firstClass: 1,
  };
  const options = { minScore: 0.5, format: 'cornersYx', scale: { width: 100, height: 200 } } as const;
  expect(readBoxes(outputs, options)).toEqual([
    { box: { x: 50, y: 0, width: 50, height: 100 }, score: 0.9, classIndex: 0 },
  ]);
});

test('every class of every box may have a score, the background too', () => {
  const outputs = {
    boxes: [0.5, 0.5, 0.2, 0.4, 0, 0, 1, 1, 0, 0, 1, 1],
    // Background, first and second class.
    scores: Float32Array.of(0, 1, 3, 4, 1, 1, 0, 0, 0),
    firstClass: 1,
  };
  const options = { minScore: 2, format: 'centre', scale: { width: 100, height: 50 } } as const;
  const box = { x: expect.closeTo(40) as number, y: expect.closeTo(15) as number, width: 20, height: 20 };
  expect(readScoredBoxes(outputs, options)).toEqual([{ box, score: 3, classIndex: 1 }]);
  const halved = readScoredBoxes(outputs, {
    ...options,
    probabilitiesOf: (scores) => scores.map((score) => score / 2),
  });
  expect(halved).toEqual([]);
});

test('a box suppresses those of its own class only, and no more are kept than wanted', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const found = [
    { box: { ...box, x: 1 }, score: 0.6, classIndex: 0 },
    { box, score: 0.9, classIndex: 0 },
    { box, score: 0.8, classIndex: 1 },
    { box: { ...box, x: 50 }, score: 0.7, classIndex: 0 },
  ];
  const scores = (maxCount: number): number[] =>
    suppressByClass(found, { maxOverlap: 0.5, maxCount }).map(({ score }) => score);
  expect(scores(9)).toEqual([0.9, 0.8, 0.7]);
  expect(scores(2)).toEqual([0.9, 0.8]);
});
