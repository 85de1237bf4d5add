import { type JsonTensorType, tensorInput, tensorOutput } from '@portico/schemas';
import { expect, it } from 'vitest';
import { tensorFromJson, tensorToJson } from './json-tensors.ts';
import { Tensor } from './tensor.ts';

it.each<{ type: JsonTensorType; data: (number | boolean | string)[] }>([
  { type: 'float32', data: [0.5, -2] },
  { type: 'float64', data: [0.1, -2] },
  { type: 'int8', data: [-128, 127] },
  { type: 'int16', data: [-32_768, 1] },
  { type: 'int32', data: [-1, 2 ** 31 - 1] },
  { type: 'int64', data: [-1, 2 ** 53 - 1] },
  { type: 'uint8', data: [0, 255] },
  { type: 'uint16', data: [0, 65_535] },
  { type: 'uint32', data: [0, 2 ** 32 - 1] },
  { type: 'uint64', data: [0, 2 ** 53 - 1] },
  { type: 'bool', data: [true, false] },
  { type: 'string', data: ['a', ''] },
])('a tensor of $type comes back as it was sent', ({ type, data }) => {
  const sent = tensorInput(type, ['batch', 2]).parse({ shape: [1, 2], data });
  const tensor = tensorFromJson(type, sent);
  expect([tensor.type, tensor.dims]).toEqual([type, [1, 2]]);
  expect(tensorOutput(type).parse(tensorToJson(tensor))).toEqual({ shape: [1, 2], data });
});

it('what JSON cannot hold is null', () => {
  const tensor = new Tensor('float32', Float32Array.of(NaN, -Infinity, 1), [3]);
  expect(tensorToJson(tensor)).toEqual({ shape: [3], data: [null, null, 1] });
});
