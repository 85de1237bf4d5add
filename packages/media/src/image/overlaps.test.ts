import { type Arbitrary, array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blendOverlaps, type Detection, intersectionOverUnion, suppressOverlaps } from './overlaps.ts';

const maxOverlap = 0.3;
const square = (x: number, y: number, side: number) => ({ x, y, width: side, height: side });
/** A square around its centre, and six landmarks there. */
const detection = (confidence: number, x: number, y: number, side: number): Detection => ({
  confidence,
  coordinates: [x, y, side, side, ...Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? x : y))],
});
const boxOf = ({ coordinates: [x = 0, y = 0, width = 0, height = 0] }: Detection) => ({
  x: x - width / 2,
  y: y - height / 2,
  width,
  height,
});

test('boxes overlap by what they share of what either covers', () => {
  expect(intersectionOverUnion(square(0, 0, 2), square(0, 0, 2))).toBe(1);
  expect(intersectionOverUnion(square(0, 0, 2), square(1, 0, 2))).toBeCloseTo(1 / 3);
  expect(intersectionOverUnion(square(0, 0, 2), square(2, 0, 2))).toBe(0);
  expect(intersectionOverUnion(square(0, 0, 2), square(8, 8, 2))).toBe(0);
  expect(intersectionOverUnion(square(1, 1, 0), square(1, 1, 0))).toBe(0);
});

// On a coarse lattice, so that many overlap, some by exactly as much, and some are equally sure.
const place = integer({ min: 0, max: 8 }).map((value) => value / 8);
const confidence = double({ min: 0, max: 1, noNaN: true }).map((value) => Math.round(value * 10) / 10);
const detections: Arbitrary<Detection[]> = array(
  record({ confidence, x: place, y: place, side: integer({ min: 1, max: 4 }) }),
  { maxLength: 40 },
).map((all) => all.map(({ confidence, x, y, side }) => detection(confidence, x, y, side / 8)));

describe('suppressOverlaps', () => {
  const boxes = [square(0, 0, 4), square(1, 0, 4), square(9, 0, 4), square(0, 1, 4)];

  test('keeps the best of boxes in one place, the best of all first', () => {
    expect(suppressOverlaps(boxes, [0.5, 0.9, 0.7, 0.1], 0.3)).toEqual([1, 2]);
    expect(suppressOverlaps(boxes, Float32Array.of(3, 2, 1, 0), 0.3)).toEqual([0, 2]);
    expect(suppressOverlaps([], [], 0.3)).toEqual([]);
  });

  test('keeps the earlier of equal scores', () => {
    expect(suppressOverlaps(boxes, [1, 1, 1, 1], 0.3)).toEqual([0, 2]);
  });

  test('keeps what overlaps by exactly the threshold, or only a suppressed box', () => {
    expect(suppressOverlaps([square(0, 0, 2), square(1, 0, 2)], [2, 1], 1 / 3)).toEqual([0, 1]);
    expect(suppressOverlaps([square(0, 0, 4), square(2, 0, 4), square(4, 0, 4)], [3, 2, 1], 0.3)).toEqual([0, 2]);
  });

  test('wants a score for each box', () => {
    expect(() => suppressOverlaps(boxes, [1], 0.4)).toThrow('4 boxes have 1 scores.');
  });

  test('whatever the boxes: the kept are apart, in order, and every other overlaps a better one', () => {
    assert(
      property(detections, constantFrom(0, 0.3, 0.5, 1), (given, most) => {
        const boxes = given.map(boxOf);
        const scores = given.map(({ confidence }) => confidence);
        const kept = suppressOverlaps(boxes, scores, most);
        const score = (at: number): number => scores[at] ?? NaN;
        const overlap = (one: number, other: number): number =>
          intersectionOverUnion(boxes[one] ?? square(0, 0, 0), boxes[other] ?? square(0, 0, 0));
        expect(kept.map(score)).toEqual(kept.map(score).toSorted((a, b) => b - a));
        const hasBetter = (at: number): boolean =>
          kept.some((other) => other !== at && overlap(other, at) > most && score(other) >= score(at));
        expect(new Set([...boxes.keys()].filter((at) => !hasBetter(at)))).toEqual(new Set(kept));
      }),
    );
  });
});

describe('blendOverlaps', () => {
  const blend = (given: readonly Detection[]): Detection[] => blendOverlaps(given, maxOverlap);

  test('detections apart stay as they are, the surest first', () => {
    const [left, right] = [detection(0.6, 0.2, 0.5, 0.1), detection(0.9, 0.8, 0.5, 0.1)];
    expect(blend([left, right])).toEqual([right, left]);
  });

  test('detections in one place become their mean, weighted by confidence', () => {
    const [kept, ...others] = blend([detection(0.9, 0.5, 0.5, 0.4), detection(0.3, 0.54, 0.5, 0.4)]);
    expect(others).toEqual([]);
    expect(kept?.confidence).toBe(0.9);
    expect(kept?.coordinates[0]).toBeCloseTo(0.51);
    expect(kept?.coordinates[4]).toBeCloseTo(0.51);
    expect(kept?.coordinates[2]).toBeCloseTo(0.4);
  });

  test('what overlaps only a suppressed detection is one of its own', () => {
    const row = [detection(0.9, 0.3, 0.5, 0.4), detection(0.8, 0.48, 0.5, 0.4), detection(0.7, 0.7, 0.5, 0.4)];
    expect(blend(row)).toHaveLength(2);
  });

  test('detections of no confidence at all have a mean too', () => {
    expect(blend([detection(0, 0.5, 0.5, 0.4), detection(0, 0.5, 0.5, 0.4)])).toEqual([detection(0, 0.5, 0.5, 0.4)]);
  });

  describe('of any detections', () => {
    test('no two results overlap above the threshold', () => {
      assert(
        property(detections, (given) => {
          const kept = blend(given).map(boxOf);
          for (const [index, one] of kept.entries())
            for (const other of kept.slice(index + 1))
              expect(intersectionOverUnion(one, other)).toBeLessThanOrEqual(maxOverlap + 1e-12);
        }),
      );
    });

    test('the order does not matter', () => {
      assert(
        property(detections, integer({ min: 0, max: 40 }), (given, by) => {
          expect(blend([...given.slice(by), ...given.slice(0, by)].toReversed())).toEqual(blend(given));
        }),
      );
    });

    test('the surest come first, and the surest of all is among them', () => {
      assert(
        property(detections, (given) => {
          const confidences = blend(given).map(({ confidence }) => confidence);
          expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
          expect(confidences[0]).toBe(given.length === 0 ? undefined : Math.max(...given.map((one) => one.confidence)));
        }),
      );
    });
  });
});
