import { expect, it } from 'vitest';
import type { TensorDatatype } from './tensor.ts';
import { valuesFromJson } from './values-from-json.ts';

it.each<[TensorDatatype, unknown, unknown]>([
  ['BOOL', [true, false, 1, 0], Uint8Array.of(1, 0, 1, 0)],
  ['UINT8', [0, 255], Uint8Array.of(0, 255)],
  ['INT16', [[-32_768], [32_767]], Int16Array.of(-32_768, 32_767)],
  ['INT64', [Number.MAX_SAFE_INTEGER, '-9223372036854775808'], BigInt64Array.of(2n ** 53n - 1n, -(2n ** 63n))],
  ['UINT64', ['18446744073709551615'], BigUint64Array.of(2n ** 64n - 1n)],
  ['FP16', [0.333251953125, 'NaN', -65_504], Uint16Array.of(0x3555, 0x7e00, 0xfbff)],
  ['FP32', [0.1, 'Infinity', '-Infinity'], Float32Array.of(0.1, Infinity, -Infinity)],
  ['FP64', [[[0.1]], [['NaN']]], Float64Array.of(0.1, Number.NaN)],
  ['BYTES', ['', ['a']], ['', 'a']],
  ['FP32', [], new Float32Array()],
])('reads %s of %j', (datatype, data, values) => {
  expect(valuesFromJson(datatype, data)).toEqual(values);
});

it.each<[TensorDatatype, unknown]>([
  ['BOOL', [2]],
  ['BOOL', ['true']],
  ['UINT8', [256]],
  ['UINT8', [-1]],
  ['INT32', [0.5]],
  ['INT32', ['1']],
  ['UINT32', [null]],
  ['INT64', [2 ** 53]],
  ['INT64', ['9223372036854775808']],
  ['INT64', ['1.5']],
  ['UINT64', ['-1']],
  ['FP16', ['1']],
  ['BF16', [1]],
  ['FP32', [true]],
  ['FP32', ['']],
  ['FP64', 'text'],
  ['FP64', undefined],
  ['BYTES', [1]],
])('finds no %s in %j', (datatype, data) => {
  expect(valuesFromJson(datatype, data)).toBeUndefined();
});

it('does not lose its way in arrays within arrays', () => {
  let nested: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) nested = [nested];
  expect(valuesFromJson('FP32', nested)).toBeUndefined();
});
