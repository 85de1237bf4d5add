import { Tensor } from '../model/tensor.ts';
import { tensorTrace, traced } from './session-trace.ts';
import type { SessionTrace } from '../inference.ts';
import { expect, it } from 'vitest';

it('a tensor is described by its type, its shape, its range and its first values', () => {
  const values = Float32Array.from({ length: 8 }, (_, index) => index / 3);
  expect(tensorTrace('x', new Tensor('float32', values, [2, 4]))).toEqual({
    name: 'x',
    type: 'float32',
    shape: [2, 4],
    first: ['0', '0.33333', '0.66667', '1', '1.3333', '1.6667'],
    range: { min: '0', max: '2.3333' },
    notFinite: 0,
  });
});

it('values that are no numbers are counted, and do not hide the range', () => {
  const values = Float32Array.of(Number.NaN, -1, Number.NaN, 2);
  expect(tensorTrace('x', new Tensor('float32', values, [4]))).toMatchObject({
    first: ['NaN', '-1', 'NaN', '2'],
    range: { min: '-1', max: '2' },
    notFinite: 2,
  });
  expect(tensorTrace('x', new Tensor('float32', Float32Array.of(Infinity), [1]))).toMatchObject({ notFinite: 1 });
});

it('whole numbers of 64 bits, halves, texts and nothing at all can be described', () => {
  expect(tensorTrace('x', new Tensor('int64', BigInt64Array.of(2n ** 60n, -1n), [2]))).toMatchObject({
    first: ['1152921504606846976', '-1'],
    range: { min: '-1', max: '1152921504606846976' },
  });
  expect(tensorTrace('x', new Tensor('float16', Uint16Array.of(0x3e00), [1]))).toMatchObject({ first: ['1.5'] });
  expect(tensorTrace('x', new Tensor('string', ['a "b"', 'y'.repeat(90)], [2]))).toMatchObject({
    first: [String.raw`"a \"b\""`, `"${'y'.repeat(40)}"`],
  });
  expect(tensorTrace('x', new Tensor('float32', new Float32Array(), [0, 4]))).toMatchObject({
    first: [],
    range: undefined,
  });
});

it('inputs are described as they went in, whatever the model does with its arrays meanwhile', async () => {
  const traces: SessionTrace[] = [];
  const x = new Tensor('int32', Int32Array.of(1), [1]);
  const run = traced(
    '/weights/net.onnx',
    async () => {
      x.data[0] = 9;
      return { y: x };
    },
    (trace) => traces.push(trace),
  );
  await run({ x });
  await expect(
    traced(
      'net.onnx',
      () => Promise.reject(new Error('rank')),
      (trace) => traces.push(trace),
    )({ x }),
  ).rejects.toThrow('rank');
  expect(traces.pop()).toMatchObject({ inputs: [{ first: ['9'] }], outputs: [] });
  expect(traces).toMatchObject([{ file: 'net.onnx', inputs: [{ first: ['1'] }], outputs: [{ first: ['9'] }] }]);
});
