import { type ModelDescription, ModelList } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { createTRPC } from '@portico/sdk/trpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { anyRank, zipMap } from './support/files.ts';
import { infer, send } from './support/infer.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await serve({ 'classes.onnx': zipMap(), 'any.onnx': anyRank() });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const json = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();

async function described(name: string): Promise<Extract<ModelDescription, { kind: 'tensors' }>> {
  const { models } = ModelList.parse(await json('/models'));
  const model = models.find((each) => each.name === name);
  if (model?.kind !== 'tensors') throw new Error(`There is no ${name}.`);
  return model;
}

describe('a file that ends in a ZipMap', () => {
  const x = { name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 2, 4, 3] };

  it('has the scores as a tensor, and lists the classes of its columns', async () => {
    expect((await described('classes')).outputs).toEqual([
      { name: 'label', datatype: 'INT64', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, 2], labels: [7, 9] },
    ]);
    // The protocol has no word for them.
    expect(await json('/v2/models/classes')).toMatchObject({
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
      ],
    });
    expect(JSON.stringify(await json('/v2/models/classes'))).not.toContain('labels');
  });

  it('returns them, as JSON and as binary data', async () => {
    const outputs = [
      { name: 'label', datatype: 'INT64', shape: [2], data: [1, 0] },
      { name: 'probabilities', datatype: 'FP32', shape: [2, 2], data: [2, 4, 8, 6] },
    ];
    expect((await infer(server, 'classes', { inputs: [x] })).outputs).toEqual(outputs);
    const binary = await infer(server, 'classes', {
      inputs: [x],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    });
    expect(new Float32Array(new Uint8Array(binary.outputs[0]?.bytes ?? []).buffer)).toEqual(
      Float32Array.of(2, 4, 8, 6),
    );
  });

  it('has its rows joined like those of any other', async () => {
    expect((await described('classes')).maxBatch).toBeGreaterThan(1);
    await Promise.all(Array.from({ length: 40 }, () => infer(server, 'classes', { inputs: [x] })));
    const runs = await metric(server, 'portico_batch_size_count', { model: 'tensors/classes:1' });
    const items = await metric(server, 'portico_batch_size_sum', { model: 'tensors/classes:1' });
    expect(items).toBeGreaterThan(runs);
  });
});

describe('a file that does not say how many axes it takes', () => {
  const shapes = [[], [4], [2, 2], [1, 2, 2, 1]];
  const data = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: shape.reduce((count, length) => count * length, 1) }, (_, index) => index);

  it('says so, and under /v2 announces one axis of any length', async () => {
    const { inputs, outputs } = await described('any');
    expect([inputs, outputs]).toEqual([
      [{ name: 'x', datatype: 'FP32', shape: [-1], unranked: true }],
      [{ name: 'y', datatype: 'FP32', shape: [-1], unranked: true }],
    ]);
    expect(await json('/v2/models/any')).toMatchObject({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
    });
  });

  it.each(shapes.map((shape) => [shape]))('takes the shape %j through every door', async (shape) => {
    const values = data(shape);
    const expected = [{ name: 'y', datatype: 'FP32', shape, data: values }];
    const input = { name: 'x', datatype: 'FP32', shape } as const;
    const { outputs } = await infer(server, 'any', { inputs: [{ ...input, data: [...values] }] });
    expect(outputs).toEqual([{ ...input, name: 'y', data: [...values] }]);
    const call = { model: 'any', inputs: [{ ...input, data: values }] };
    expect((await createTRPC({ url: server.url }).tensors.infer.mutate(call)).outputs).toEqual(expected);
    const { outputs: fromClient } = await createPortico({ url: server.url }).tensors('any').infer(call);
    expect(fromClient).toEqual(expected);
  });

  it('takes rows of platforms, and binary data alone as one axis', async () => {
    const response = await fetch(`${server.url}/v1/models/any:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instances: [[[1, 2]], [[3, 4]]] }),
    });
    expect(await response.json()).toEqual({ predictions: [[[1, 2]], [[3, 4]]] });
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const alone = await send(server, 'any', bytes, { headers: { 'inference-header-content-length': '0' } });
    expect(alone.outputs[0]?.shape).toEqual([3]);
  });

  it('is not said to want a shape where something else is wrong', async () => {
    const reply = await infer(server, 'any', { inputs: [{ name: 'x', datatype: 'INT32', shape: [1, 1], data: [1] }] });
    expect([reply.status, reply.json.error]).toEqual([
      400,
      'Input "x" is INT32[1,1]; the model expects FP32 of any shape.',
    ]);
  });
});
