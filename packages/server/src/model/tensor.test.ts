import { Tensor as OnnxTensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { Tensor } from './tensor.ts';

it('a tensor has the values that it was made of', () => {
  const values = Float32Array.of(1, 2);
  const tensor = new Tensor('float32', values, [2]);
  expect(tensor).toBeInstanceOf(OnnxTensor);
  expect([tensor.type, tensor.dims, tensor.data === values]).toEqual(['float32', [2], true]);
  expect(() => new Tensor('float32', values, [3])).toThrow('3');
});

it('halves stay their bits, whatever the version of Node has for them', () => {
  const bits = Uint16Array.of(0x3c00, 0x4000);
  const tensor = new Tensor('float16', bits, [1, 2]);
  expect([tensor.type, tensor.dims, tensor.data === bits]).toEqual(['float16', [1, 2], true]);
  expect(() => new Tensor('float16', bits, [3])).toThrow('The dims [3] take 3 values, not 2.');
});
