import { expect, it } from 'vitest';
import { littleEndian } from './byte-order.ts';

const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

it('turns every element on a machine of the other order, and leaves the array that it was given', () => {
  expect(littleEndian(bytes, 2, false)).toEqual(Uint8Array.of(2, 1, 4, 3, 6, 5, 8, 7));
  expect(littleEndian(bytes, 4, false)).toEqual(Uint8Array.of(4, 3, 2, 1, 8, 7, 6, 5));
  expect(littleEndian(bytes, 8, false)).toEqual(Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1));
  expect(bytes[0]).toBe(1);
});

it('costs nothing where there is nothing to turn', () => {
  expect(littleEndian(bytes, 1, false)).toBe(bytes);
  expect(littleEndian(bytes, 8, true)).toBe(bytes);
  // An array that was written as numbers says what this machine is.
  const one = littleEndian(new Uint8Array(Uint32Array.of(1).buffer), 4);
  expect(one).toEqual(Uint8Array.of(1, 0, 0, 0));
});
