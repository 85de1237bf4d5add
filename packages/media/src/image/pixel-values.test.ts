import { expect, test } from 'vitest';
import {
  byteValues,
  channelPlanes,
  greyPlane,
  imageNet,
  interleavedValues,
  minusOneToOne,
  zeroToOne,
} from './pixel-values.ts';

const image = { data: Uint8Array.of(0, 51, 102, 153, 204, 255), width: 2, height: 1 };

test('separates the channels and normalises them', () => {
  const planes = channelPlanes(image, { mean: [0, 0.2, 0.5], deviation: [1, 1, 0.5] });
  expect([...planes].map((value) => Number(value.toFixed(6)))).toEqual([0, 0.6, 0, 0.6, -0.2, 1]);
});

test('pads every row with zeros on the right', () => {
  const tall = { data: Uint8Array.of(255, 255, 255, 255, 255, 255), width: 1, height: 2 };
  const planes = channelPlanes(tall, zeroToOne, 3);
  expect([...planes]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
});

test('channel beside channel, black is −1 and white is 1', () => {
  const values = interleavedValues(
    { data: Uint8Array.of(0, 51, 255, 255, 102, 0), width: 2, height: 1 },
    minusOneToOne,
  );
  expect([...values].map((value) => Number(value.toFixed(6)))).toEqual([-1, -0.6, 1, 1, -0.2, -1]);
});

test('each channel is normalised by its own mean and deviation', () => {
  const [red, green, blue] = interleavedValues({ data: Uint8Array.of(255, 0, 128), width: 1, height: 1 }, imageNet);
  expect([red, green, blue]).toEqual([2.2489, -2.0357, 0.4265].map((value) => expect.closeTo(value, 4)));
});

test('both orders hold the same values, and the usual ranges are exact to the last bit', () => {
  const grey = Uint8Array.from({ length: 3 * 256 }, (_, index) => Math.floor(index / 3));
  const every = { data: grey, width: 256, height: 1 };
  for (const [normalisation, expected] of [
    [zeroToOne, (value: number) => value / 255],
    [minusOneToOne, (value: number) => value / 127.5 - 1],
  ] as const) {
    expect(interleavedValues(every, normalisation)).toEqual(Float32Array.from(grey, expected));
    const row = Float32Array.from({ length: 256 }, (_, value) => expected(value));
    expect(channelPlanes(every, normalisation)).toEqual(Float32Array.from([...row, ...row, ...row]));
  }
});

test('blue comes first for networks that were trained so, with the mean and deviation of its own', () => {
  const normalisation = { mean: [0.1, 0.2, 0.3], deviation: [1, 1, 0.5], channelOrder: 'bgr' } as const;
  const rounded = (values: Float32Array): number[] => [...values].map((value) => Number(value.toFixed(6)));
  expect(rounded(channelPlanes(image, normalisation))).toEqual([0.2, 1.4, 0, 0.6, -0.1, 0.5]);
  expect(rounded(interleavedValues(image, normalisation))).toEqual([0.2, 0, -0.1, 1.4, 0.6, 0.5]);
});

test('pixels stay as they are, to the last bit', () => {
  expect([...interleavedValues(image, byteValues)]).toEqual([...image.data]);
});

test('grey is the brightness of a pixel', () => {
  const colours = { data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255), width: 2, height: 2 };
  expect([...greyPlane(colours, byteValues)]).toEqual([76, 150, 29, 255]);
});
