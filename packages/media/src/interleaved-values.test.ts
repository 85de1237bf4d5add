import { expect, test } from 'vitest';
import { interleavedValues } from './interleaved-values.ts';

test('black is -1 and white is 1, channel beside channel', () => {
  const values = interleavedValues({ data: Uint8Array.of(0, 51, 255, 255, 102, 0), width: 2, height: 1 });
  expect([...values].map((value) => Number(value.toFixed(6)))).toEqual([-1, -0.6, 1, 1, -0.2, -1]);
});
