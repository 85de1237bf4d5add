import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectedComponents } from './connected-components.ts';
import type { ProbabilityMap } from './probability-map.ts';

/** A map drawn in text: a digit is its tenth, a dot is 0. */
const draw = (...rows: string[]): ProbabilityMap => ({
  data: Float32Array.from(rows.join(''), (character) => (character === '.' ? 0 : Number(character) / 10)),
  width: rows[0]?.length ?? 0,
  height: rows.length,
});

describe('connectedComponents', () => {
  test('finds nothing where nothing exceeds the threshold', () => {
    expect(connectedComponents(draw('..2', '21.'), 0.3, 10)).toEqual([]);
  });

  test('measures box, size and mean probability', () => {
    expect(connectedComponents(draw('.....', '.48..', '..6..'), 0.3, 10)).toEqual([
      { box: { left: 1, top: 1, right: 3, bottom: 3 }, size: 3, score: expect.closeTo(0.6) },
    ]);
  });

  test('joins pixels that touch at a corner only', () => {
    expect(connectedComponents(draw('9..', '.9.', '9.9'), 0.3, 10)).toHaveLength(1);
  });

  test('does not join the ends of neighbouring rows', () => {
    expect(connectedComponents(draw('..9', '...', '9..', '..9'), 0.3, 10)).toHaveLength(3);
    expect(connectedComponents(draw('..9', '9..'), 0.3, 10)).toHaveLength(2);
  });

  test('follows a branch upwards and to the left again', () => {
    expect(connectedComponents(draw('9...9', '9...9', '99999'), 0.3, 10)).toEqual([
      { box: { left: 0, top: 0, right: 5, bottom: 3 }, size: 9, score: expect.closeTo(0.9) },
    ]);
  });

  test('stops at the limit', () => {
    expect(connectedComponents(draw('9.9.9'), 0.3, 2).map(({ box }) => box.left)).toEqual([0, 2]);
  });

  test('gives every pixel above the threshold to exactly one component', () => {
    const map = integer({ min: 1, max: 12 }).chain((width) =>
      array(double({ min: 0, max: 1, noNaN: true }), { minLength: width, maxLength: 12 * width })
        .map((values) => values.slice(0, values.length - (values.length % width)))
        .map((values) => ({ data: Float32Array.from(values), width, height: values.length / width })),
    );
    assert(
      property(map, (map) => {
        const components = connectedComponents(map, 0.5, 1000);
        const total = components.reduce((sum, { size }) => sum + size, 0);
        expect(total).toBe(map.data.filter((value) => value > 0.5).length);
        for (const { box, size, score } of components) {
          expect(size).toBeLessThanOrEqual((box.right - box.left) * (box.bottom - box.top));
          expect(score).toBeGreaterThan(0.5);
        }
      }),
    );
  });
});
