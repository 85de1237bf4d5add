import { expect, it } from 'vitest';
import { packTensors, type RawTensor, unpackTensors } from './raw-tensor.ts';
import { typedView } from './values.ts';

const raw = (name: string, ...values: number[]): RawTensor => ({
  head: { name, datatype: 'UINT8', shape: [values.length], byteLength: values.length },
  bytes: Uint8Array.from(values),
});

it('gives back tensors of any length, empty ones too', () => {
  const tensors = [raw('a', 1, 2, 3), raw('ä'), raw('c', 1, 2, 3, 4, 5, 6, 7, 8), raw('d', 9)];
  const unpacked = unpackTensors(packTensors(tensors));
  expect(unpacked.map(({ head }) => head)).toEqual(tensors.map(({ head }) => head));
  expect(unpacked.map(({ bytes }) => [...bytes])).toEqual(tensors.map(({ bytes }) => [...bytes]));
});

it('lays every tensor where a typed array can be put over it', () => {
  const packed = packTensors([raw('a', 1), raw('b', 0, 0, 0, 0, 0, 0, 240, 63)]);
  const [, { bytes } = raw('none')] = unpackTensors(packed);
  const view = typedView('FP64', bytes);
  expect([...view]).toEqual([1]);
  expect(view.buffer).toBe(packed.buffer);
});
