import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeTensorResult } from '../../../../packages/sdk/src/tensors/decode-result.ts';
import { encodeTensorCall, type TensorCall } from '../../../../packages/sdk/src/tensors/encode-call.ts';
import type { InputTensor, TensorResult } from '../../../../packages/sdk/src/tensors/tensor.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { datatypes, echo, plus, sum } from './support/files.ts';
import { serve } from './support/serve.ts';
import { values } from './support/values.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)]);
  server = await serve({ ...Object.fromEntries(files), 'sum.onnx': sum(), 'plus.onnx': plus(1) });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const lengthHeader = 'inference-header-content-length';

const post = (model: string, question: TensorCall): Promise<Response> => {
  const { body, headLength } = encodeTensorCall(question);
  return fetch(`${server.url}/v2/models/${model}/infer`, {
    method: 'POST',
    body: new Blob([...body]),
    headers: { 'content-type': 'application/octet-stream', [lengthHeader]: String(headLength) },
  });
};

/** Asks the server the way the client does: over HTTP, with what its functions make and read. */
async function ask(model: string, question: TensorCall): Promise<TensorResult> {
  const response = await post(model, question);
  if (!response.ok) throw new Error(await response.text());
  const length = response.headers.get(lengthHeader);
  // The values came as binary data, every one of them.
  expect(length).not.toBeNull();
  return decodeTensorResult(await response.arrayBuffer(), Number(length));
}

it.each(Object.entries(values))('%s comes back as it went', async (name, data) => {
  const datatype = name as keyof typeof values;
  for (const shape of [
    [1, 2],
    [2, 1],
  ]) {
    const { outputs, ...about } = await ask(name, { inputs: [{ name: 'x', datatype, shape, data }] });
    expect(about).toEqual({ model: name, version: '1' });
    expect(outputs).toEqual([{ name: 'y', datatype, shape, data }]);
  }
});

it('the array says its datatype, and its bytes will do for any', async () => {
  const asNumbers = await ask('FP32', { inputs: [{ name: 'x', shape: [1, 2], data: Float32Array.of(1, 2) }] });
  expect(asNumbers.outputs[0]?.data).toEqual(Float32Array.of(1, 2));
  const data = new Uint8Array(BigInt64Array.of(7n, -7n).buffer);
  const asBytes = await ask('INT64', { inputs: [{ name: 'x', datatype: 'INT64', shape: [2, 1], data }] });
  expect(asBytes.outputs[0]?.data).toEqual(BigInt64Array.of(7n, -7n));
});

it.each([
  ['FP32', new Float32Array()],
  ['BYTES', []],
])('%s may be empty', async (datatype, data) => {
  const { outputs } = await ask(datatype, { inputs: [{ name: 'x', shape: [0, 2], data }] });
  expect(outputs).toEqual([{ name: 'y', datatype, shape: [0, 2], data }]);
});

it('several tensors go and come in the order that was asked for', async () => {
  const inputs: InputTensor[] = [
    { name: 'b', shape: [1], data: Float32Array.of(10) },
    { name: 'a', shape: [2], data: Float32Array.of(0, 1, 2).subarray(1) },
  ];
  const both = await ask('sum', { inputs, outputs: ['same', 'sum'] });
  expect(both.outputs.map(({ name, data }) => [name, data])).toEqual([
    ['same', Float32Array.of(1, 2)],
    ['sum', Float32Array.of(11, 12)],
  ]);
  expect((await ask('sum', { inputs })).outputs.map(({ name }) => name)).toEqual(['sum', 'same']);
  expect((await ask('sum', { inputs, outputs: ['sum'] })).outputs).toHaveLength(1);
});

it('more than a million values, which JSON may not have, are no trouble', async () => {
  const data = Float32Array.from({ length: 3_000_000 }, (_, index) => index);
  const { outputs } = await ask('plus', { inputs: [{ name: 'x', shape: [1_500_000, 2], data }] });
  const answered = outputs[0]?.data as Float32Array;
  expect(answered).toHaveLength(data.length);
  // Compared by vitest they would take a quarter of a minute.
  expect(answered.every((value, index) => value === index + 1)).toBe(true);
});

it('what only the server can refuse comes with its code', async () => {
  const response = await post('plus', { inputs: [{ name: 'x', shape: [2], data: Float32Array.of(1, 2) }] });
  expect([response.status, response.headers.get('x-error-code'), await response.json()]).toEqual([
    400,
    'BAD_INPUT',
    { error: 'Input "x" is FP32[2]; the model expects FP32[-1,2].' },
  ]);
});
