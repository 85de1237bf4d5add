import { expect, test } from 'vitest';
import { mixDown } from './mono-audio.ts';

const channel = (...samples: number[]): Float32Array => Float32Array.from(samples);
const mixed = (...channels: Float32Array[]): number[] => [...mixDown(channels)];

test('one channel stays as it is, of two there is the mean', () => {
  expect(mixed(channel(0.5, -0.25))).toEqual([0.5, -0.25]);
  expect(mixed(channel(0.5, -0.25), channel(0, 0.75))).toEqual([0.25, 0.25]);
});

test('a voice in one channel of many is still audible', () => {
  const silent = channel(0);
  expect(mixed(silent, silent, channel(0.5), silent)).toEqual([0.25]);
});

test('what is too loud is cut off, and what is no number is silence', () => {
  expect(mixed(channel(1), channel(1), channel(1), channel(1))).toEqual([1]);
  expect(mixed(channel(NaN, -Infinity))).toEqual([0, -1]);
});
