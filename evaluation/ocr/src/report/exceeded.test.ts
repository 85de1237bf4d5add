import { expect, test } from 'vitest';
import { exceeded } from './exceeded.ts';

const category = (characterErrorRate: number) => ({
  images: 1,
  characterErrorRate,
  wordErrorRate: 0,
  wordRecall: 1,
  milliseconds: 1,
});

test('lets a category reach its bound, and those without one do as they like', () => {
  expect(exceeded({ skew: category(0.02), receipts: category(0.9) }, { skew: 0.02 })).toEqual([]);
});

test('names each category that is over its bound', () => {
  expect(exceeded({ skew: category(0.021), upright: category(0) }, { upright: 0, skew: 0.02 })).toEqual([
    'skew has a CER of 0.0210; at most 0.02 is allowed.',
  ]);
});

test('does not pass a category that is not there', () => {
  expect(exceeded({}, { upright: 0 })).toEqual(['upright has a bound and no images.']);
});
