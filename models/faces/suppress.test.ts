import { array, assert, double, integer, property, record, type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, overlap } from './candidate.ts';
import { maxOverlap, suppress } from './suppress.ts';

const candidate = (confidence: number, x: number, y: number, side: number): Candidate => ({
  confidence,
  shape: [x, y, side, side, ...Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? x : y))],
});

test('boxes overlap by what they share of what either covers', () => {
  expect(overlap(candidate(1, 1, 1, 2), candidate(1, 1, 1, 2))).toBe(1);
  expect(overlap(candidate(1, 1, 1, 2), candidate(1, 2, 1, 2))).toBeCloseTo(1 / 3);
  expect(overlap(candidate(1, 1, 1, 2), candidate(1, 3, 1, 2))).toBe(0);
  expect(overlap(candidate(1, 1, 1, 2), candidate(1, 9, 9, 2))).toBe(0);
});

test('candidates apart stay as they are, the surest first', () => {
  const [left, right] = [candidate(0.6, 0.2, 0.5, 0.1), candidate(0.9, 0.8, 0.5, 0.1)];
  expect(suppress([left, right])).toEqual([right, left]);
});

test('candidates in one place become their mean, weighted by confidence', () => {
  const [kept, ...others] = suppress([candidate(0.9, 0.5, 0.5, 0.4), candidate(0.3, 0.54, 0.5, 0.4)]);
  expect(others).toEqual([]);
  expect(kept?.confidence).toBe(0.9);
  expect(kept?.shape[0]).toBeCloseTo(0.51);
  expect(kept?.shape[4]).toBeCloseTo(0.51);
  expect(kept?.shape[2]).toBeCloseTo(0.4);
});

test('what overlaps only a suppressed candidate is a face of its own', () => {
  const row = [candidate(0.9, 0.3, 0.5, 0.4), candidate(0.8, 0.48, 0.5, 0.4), candidate(0.7, 0.7, 0.5, 0.4)];
  expect(suppress(row)).toHaveLength(2);
});

test('candidates of no confidence at all have a mean too', () => {
  expect(suppress([candidate(0, 0.5, 0.5, 0.4), candidate(0, 0.5, 0.5, 0.4)])).toEqual([candidate(0, 0.5, 0.5, 0.4)]);
});

describe('of any candidates', () => {
  // On a coarse lattice, so that many overlap, some by exactly as much, and some are equally sure.
  const place = integer({ min: 0, max: 8 }).map((value) => value / 8);
  const candidates: Arbitrary<Candidate[]> = array(
    record({
      confidence: double({ min: 0, max: 1, noNaN: true }),
      x: place,
      y: place,
      side: integer({ min: 1, max: 4 }),
    }),
    { maxLength: 40 },
  ).map((all) => all.map(({ confidence, x, y, side }) => candidate(Math.round(confidence * 10) / 10, x, y, side / 8)));

  test('no two results overlap above the threshold', () => {
    assert(
      property(candidates, (given) => {
        const kept = suppress(given);
        for (const [index, one] of kept.entries())
          for (const other of kept.slice(index + 1)) expect(overlap(one, other)).toBeLessThanOrEqual(maxOverlap);
      }),
    );
  });

  test('the order does not matter', () => {
    assert(
      property(candidates, integer({ min: 0, max: 40 }), (given, by) => {
        expect(suppress([...given.slice(by), ...given.slice(0, by)].toReversed())).toEqual(suppress(given));
      }),
    );
  });

  test('the surest come first, and the surest of all is among them', () => {
    assert(
      property(candidates, (given) => {
        const confidences = suppress(given).map(({ confidence }) => confidence);
        expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
        expect(confidences[0]).toBe(given.length === 0 ? undefined : Math.max(...given.map((one) => one.confidence)));
      }),
    );
  });
});
