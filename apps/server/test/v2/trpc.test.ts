import { type AppRouter, transformer } from '@portico/api';
import { createTRPC } from '@portico/sdk/trpc';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { datatypes, echo, plus, repeated } from './support/files.ts';
import { serve } from './support/serve.ts';
import { values } from './support/values.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)]);
  server = await serve({
    ...Object.fromEntries(files),
    'plus/1/model.onnx': plus(1),
    'plus/2/model.onnx': plus(2),
    'repeated.onnx': repeated(),
  });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const client = () => createTRPC({ url: server.url });
type Call = Parameters<ReturnType<typeof client>['tensors']['infer']['mutate']>[0];
type Tensor = Call['inputs'][number];

it.each(Object.entries(values))('%s comes back as the typed array it went as', async (name, data) => {
  const datatype = name as Tensor['datatype'];
  const answer = await client().tensors.infer.mutate({
    model: name,
    inputs: [{ name: 'x', datatype, shape: [1, 2], data }],
  });
  expect(answer).toEqual({ model: name, version: '1', outputs: [{ name: 'y', datatype, shape: [1, 2], data }] });
  expect(answer.outputs[0]?.data.constructor).toBe(data.constructor);
});

it.each([httpLink, httpBatchLink, httpBatchStreamLink])(
  'large tensors come back as they went, over %O',
  async (link) => {
    const links = [link({ url: `${server.url}/trpc`, transformer })];
    const { tensors } = createTRPCClient<AppRouter>({ links });
    const longs = BigInt64Array.from({ length: 60_000 }, (_, index) => BigInt(index) << 40n);
    const bytes = Uint8Array.from({ length: 700_001 }, (_, index) => index % 251);
    const texts = Array.from({ length: 5_000 }, (_, index) => `text ${index}`);
    const outputs = await Promise.all(
      Object.entries({ INT64: longs, UINT8: bytes, BYTES: texts }).map(async ([name, data]) => {
        const input = { name: 'x', datatype: name as Tensor['datatype'], shape: [1, data.length], data };
        return (await tensors.infer.mutate({ model: name, inputs: [input] })).outputs[0]?.data;
      }),
    );
    expect(outputs).toEqual([longs, bytes, texts]);
  },
);

const x: Tensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2) };

it('takes the bytes of any datatype, a version, outputs and a deadline', async () => {
  const data = new Uint8Array(Float32Array.of(1, 2).buffer);
  const call: Call = { model: 'plus', version: '1', inputs: [{ ...x, data }], outputs: ['y'], timeoutMs: 5_000 };
  expect((await client().tensors.infer.mutate(call)).outputs[0]?.data).toEqual(Float32Array.of(2, 3));
  expect((await client().tensors.infer.mutate({ model: 'plus', inputs: [x] })).version).toBe('2');
  expect(await metric(server, 'portico_requests_total', { model: 'tensors/plus:1', outcome: 'ok' })).toBe(1);
});

describe('refuses', () => {
  it.each<[what: string, call: Call, status: number, detail: string]>([
    ['an unknown model', { model: 'none', inputs: [] }, 404, 'No model "none" is loaded from the model repository.'],
    [
      'an unknown version',
      { model: 'plus', version: '7', inputs: [] },
      404,
      'Model "plus" has no version "7". Available: 1, 2.',
    ],
    [
      'another shape',
      { model: 'plus', inputs: [{ ...x, shape: [2] }] },
      400,
      'Input "x" is FP32[2]; the model expects FP32[-1,2].',
    ],
    [
      'another array',
      { model: 'plus', inputs: [{ ...x, data: Float64Array.of(1, 2) }] },
      400,
      'Input "x": Float64Array is not for FP32.',
    ],
    [
      'texts',
      { model: 'plus', inputs: [{ ...x, data: ['1', '2'] }] },
      400,
      'Input "x": strings are for BYTES, not for FP32.',
    ],
    [
      'too few values',
      { model: 'plus', inputs: [{ ...x, data: Float32Array.of(1) }] },
      400,
      'Input "x": 2 elements of FP32 take 8 bytes, but 4 were sent.',
    ],
    [
      'an unknown output',
      { model: 'plus', inputs: [x], outputs: ['z'] },
      400,
      'Unknown output "z". The model returns "y".',
    ],
  ])('%s', async (_what, call, status, detail) => {
    const refusal = client().tensors.infer.mutate(call);
    await expect(refusal).rejects.toMatchObject({ data: { problem: { status, detail } } });
  });

  it('so many texts, either way, that others would wait for them', async () => {
    const shape = [1, 60_000];
    const asked = (data: Tensor['data']) =>
      client().tensors.infer.mutate({ model: 'BYTES', inputs: [{ name: 'x', datatype: 'BYTES', shape, data }] });
    const problem = (detail: unknown) => ({ data: { problem: { status: 400, detail } } });
    const many = Array.from({ length: 60_000 }, () => '');
    await expect(asked(many)).rejects.toMatchObject(problem('The body contains more than 50000 values.'));
    // Packed: each an empty text of length 0.
    const packed = new Uint8Array(4 * 60_000);
    await expect(asked(packed)).rejects.toMatchObject(problem(expect.stringContaining('has 60000 strings')));
    const times: Tensor = { name: 'times', datatype: 'INT64', shape: [1], data: BigInt64Array.of(60_000n) };
    const text: Tensor = { name: 'text', datatype: 'BYTES', shape: [1], data: ['a'] };
    await expect(client().tensors.infer.mutate({ model: 'repeated', inputs: [text, times] })).rejects.toMatchObject(
      problem(expect.stringMatching(/^The output has 60000 strings/)),
    );
  });

  it('what is no call at all, and typed arrays that cannot be', async () => {
    const post = async (body: unknown): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${server.url}/trpc/tensors.infer`, { method: 'POST', headers, body: JSON.stringify(body) }))
        .status;
    };
    expect(await post({ json: { model: 'plus' } })).toBe(422);
    expect(await post({ json: { model: 'plus', inputs: [{ ...x, data: {} }] } })).toBe(422);
    const meta = { values: { 'inputs.0.data': [['custom', 'numbers']] } };
    expect(await post({ json: { model: 'plus', inputs: [{ ...x, data: 'float32:AAAA' }] }, meta })).toBe(400);
    expect(await post({ json: { model: 'plus', inputs: [{ ...x, data: 7 }] }, meta })).toBe(400);
  });
});
