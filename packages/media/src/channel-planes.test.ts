import { expect, test } from 'vitest';
import { channelPlanes } from './channel-planes.ts';

const image = { data: Uint8Array.of(0, 51, 102, 153, 204, 255), width: 2, height: 1 };

test('separates the channels and normalises them', () => {
  const planes = channelPlanes(image, { mean: [0, 0.2, 0.5], deviation: [1, 1, 0.5] });
  expect([...planes].map((value) => Number(value.toFixed(6)))).toEqual([0, 0.6, 0, 0.6, -0.2, 1]);
});

test('pads every row with zeros on the right', () => {
  const tall = { data: Uint8Array.of(255, 255, 255, 255, 255, 255), width: 1, height: 2 };
  const planes = channelPlanes(tall, { mean: [0, 0, 0], deviation: [1, 1, 1] }, 3);
  expect([...planes]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
});
