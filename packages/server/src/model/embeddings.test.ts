import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddingOf, firstTokens, meanOfTokens } from './embeddings.ts';

test('padding is not in the mean', () => {
  const hidden = Float32Array.of(1, 2, 3, 4, 900, 900, 5, 6, 900, 900, 900, 900);
  expect(meanOfTokens(hidden, [2, 1], 3).map((mean) => [...mean])).toEqual([
    [2, 3],
    [5, 6],
  ]);
});

test('the first token stands for its row', () => {
  const hidden = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(firstTokens(hidden, 2, 2).map((first) => [...first])).toEqual([
    [1, 2],
    [5, 6],
  ]);
});

const cosine = (one: readonly number[], other: readonly number[]): number => {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, axis) => sum + value * (b[axis] ?? NaN), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
};

test('a vector is scaled to length 1 and rounded to seven digits behind the point', () => {
  expect(embeddingOf(Float64Array.of(3, -4), true)).toEqual([0.6, -0.8]);
  expect(embeddingOf(Float64Array.of(1, 1, 1), true)).toEqual([0.5773503, 0.5773503, 0.5773503]);
});

test('a vector that is not scaled keeps as many digits of its length', () => {
  expect(embeddingOf(Float64Array.of(300.123456789, 0.000123456), false)).toEqual([300.12346, 0.00012]);
  expect(embeddingOf(Float64Array.of(0.00123456789012, 0), false)).toEqual([0.0012345679, 0]);
});

test('a vector without length stays as it is, and no zero is negative', () => {
  expect(embeddingOf(Float64Array.of(0, 0), true)).toEqual([0, 0]);
  expect(embeddingOf(Float64Array.of(1, -1e-9), true)).toEqual([1, 0]);
});

test('rounding keeps every direction to 1e-6', () => {
  const value = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 768 }), fc.boolean(), (values, normalize) => {
      fc.pre(values.some((value) => Math.abs(value) > 1e-3));
      expect(cosine(embeddingOf(Float64Array.from(values), normalize), values)).toBeGreaterThan(1 - 1e-6);
    }),
  );
});
