import { expect, test } from 'vitest';
import { flattenAlpha, separateAlpha } from './transparency.ts';

test('keeps opaque pixels', () => {
  expect(flattenAlpha(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255), 4)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test('lays dark content on white, in proportion to its opacity', () => {
  expect(flattenAlpha(Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 51, 9, 9, 9, 0), 4)).toEqual(
    Uint8Array.of(0, 0, 0, 204, 204, 204, 255, 255, 255),
  );
});

test('lays bright content on black', () => {
  expect(flattenAlpha(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0), 4)).toEqual(Uint8Array.of(255, 255, 255, 0, 0, 0));
});

test('takes an image that is wholly transparent for white', () => {
  expect(flattenAlpha(new Uint8Array(4), 4)).toEqual(Uint8Array.of(255, 255, 255));
});

test('ignores channels after alpha', () => {
  expect(flattenAlpha(Uint8Array.of(1, 2, 3, 255, 99, 4, 5, 6, 255, 99), 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
});

test('takes colours and alpha apart', () => {
  expect(separateAlpha(Uint8Array.of(1, 2, 3, 255, 99, 4, 5, 6, 7, 99), 5)).toEqual({
    colours: Uint8Array.of(1, 2, 3, 4, 5, 6),
    alpha: Uint8Array.of(255, 7),
  });
});
