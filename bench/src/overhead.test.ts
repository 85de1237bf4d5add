import { expect, test } from 'vitest';
import { serverTiming } from './overhead.ts';

test('phases are read by name', () => {
  expect(serverTiming('queue;dur=0.100, decode;dur=1.2, inference;dur=30')).toEqual({
    queue: 0.1,
    decode: 1.2,
    inference: 30,
  });
});

test('no header has no phases', () => {
  expect(serverTiming('')).toEqual({});
});
