import { expect, test } from 'vitest';
import { lineRegion } from './line-region.ts';

const image = { data: new Uint8Array(), width: 300, height: 100 };

test('leaves a margin of a twentieth of the shorter side', () => {
  expect(lineRegion({ left: 50, top: 20, right: 250, bottom: 60 }, image)).toEqual({
    left: 48,
    top: 18,
    width: 204,
    height: 44,
  });
});

test('stays inside the image', () => {
  expect(lineRegion({ left: 1, top: 0, right: 299, bottom: 100 }, image)).toEqual({
    left: 0,
    top: 0,
    width: 300,
    height: 100,
  });
});
