import { describe, expect, it } from 'vitest';
import { closestPair, cosine } from './cosine.ts';

describe('the cosine of two vectors', () => {
  it('is 1 in the same direction, 0 at a right angle and -1 in the opposite direction', () => {
    expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
    expect(cosine([1, 0], [0, 3])).toBe(0);
    expect(cosine([1, 1], [-2, -2])).toBeCloseTo(-1, 12);
  });

  it('does not depend on their lengths', () => {
    expect(cosine([3, 4], [4, 3])).toBeCloseTo(0.96, 12);
    expect(cosine([300, 400], [0.004, 0.003])).toBeCloseTo(0.96, 12);
  });

  it('is 0 where a vector is all zeros', () => {
    expect(cosine([0, 0], [1, 2])).toBe(0);
  });
});

describe('the closest pair', () => {
  it('is of two different texts', () => {
    const matrix = [
      [1, 0.2, 0.7],
      [0.2, 1, -0.1],
      [0.7, -0.1, 1],
    ];
    expect(closestPair(matrix)).toEqual([0, 2]);
  });

  it('exists where all are far apart, but not of a single text', () => {
    expect(
      closestPair([
        [1, -0.5],
        [-0.5, 1],
      ]),
    ).toEqual([0, 1]);
    expect(closestPair([[1]])).toBeUndefined();
  });
});
