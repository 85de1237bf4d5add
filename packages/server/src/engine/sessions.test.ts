import { expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { knownFeeds } from './sessions.ts';

const tensor = new Tensor('float32', Float32Array.of(1), [1]);

it('what a file has no input for is left out', () => {
  expect(knownFeeds({ x: tensor, optional: tensor }, ['x'])).toEqual({ x: tensor });
  expect(knownFeeds({ x: tensor }, ['x'])).toEqual({ x: tensor });
});
