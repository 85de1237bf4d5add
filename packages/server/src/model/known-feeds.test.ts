import { Tensor } from './tensor.ts';
import { expect, test } from 'vitest';
import { knownFeeds } from './known-feeds.ts';

const tensor = new Tensor('float32', Float32Array.of(1), [1]);

test('what a file has no input for is left out', () => {
  expect(knownFeeds({ x: tensor, optional: tensor }, ['x'])).toEqual({ x: tensor });
  expect(knownFeeds({ x: tensor }, ['x'])).toEqual({ x: tensor });
});
