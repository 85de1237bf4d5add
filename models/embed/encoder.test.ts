import { expect, test } from 'vitest';
import { meanOfTokens } from './encoder.ts';

test('padding is not in the mean', () => {
  const hidden = Float32Array.of(1, 2, 3, 4, 900, 900, 5, 6, 900, 900, 900, 900);
  expect(meanOfTokens(hidden, [2, 1], 3).map((mean) => [...mean])).toEqual([
    [2, 3],
    [5, 6],
  ]);
});
