import { afterAll, beforeAll, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { dense } from '../onnx/models.ts';
import { chosenRows, runningSum } from './support/files.ts';
import { bytesOf, floats, infer, type Reply } from './support/infer.ts';
import { serve } from './support/serve.ts';

const width = 256;
let server: ServerProcess;
beforeAll(async () => {
  const files = { 'dense.onnx': dense(3, width), 'running-sum.onnx': runningSum(), 'chosen.onnx': chosenRows() };
  server = await serve(files, { REPLICAS: '1', MAX_QUEUE: '1000' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = (model: string, values: Float32Array, columns: number, rows = values.length / columns): Promise<Reply> =>
  infer(
    server,
    model,
    {
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [rows, columns], parameters: { binary_data_size: values.byteLength } },
      ],
      parameters: { binary_data_output: true },
    },
    { binary: bytesOf(values) },
  );

const rowOf = (seed: number, rows: number): Float32Array =>
  Float32Array.from({ length: rows * width }, (_, index) => Math.sin(seed + index));
const bytes = ({ outputs }: Reply): Buffer => Buffer.from(outputs[0]?.bytes ?? []);

it('requests of independent rows run together and answer the very bits of single runs', async () => {
  const questions = Array.from({ length: 48 }, (_, seed) => rowOf(seed, 1 + (seed % 3)));
  const alone: Buffer[] = [];
  for (const question of questions) alone.push(bytes(await ask('dense', question, width)));
  const runs = await metric(server, 'portico_batch_size_count', { model: 'tensors/dense:1' });
  const together = await Promise.all(questions.map((question) => ask('dense', question, width)));
  expect(together.map((reply) => reply.outputs[0]?.shape)).toEqual(
    questions.map(({ length }) => [length / width, width]),
  );
  for (const [index, reply] of together.entries())
    expect(bytes(reply).equals(alone[index] ?? Buffer.alloc(0))).toBe(true);
  const runsTogether = (await metric(server, 'portico_batch_size_count', { model: 'tensors/dense:1' })) - runs;
  expect(runsTogether).toBeLessThan(questions.length);
});

it('a first axis that does not count independent rows is left to each client', async () => {
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, start) => ask('running-sum', Float32Array.of(start, 1, 1), 1)),
  );
  expect(replies.map((reply) => floats(bytes(reply)))).toEqual(
    Array.from({ length: 24 }, (_, start) => [start, start + 1, start + 2]),
  );
});

it('a model that answers as many rows as it likes is right for each client', async () => {
  const choose = (first: boolean): Promise<Reply> =>
    infer(server, 'chosen', {
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [2], data: [1, 2] },
        { name: 'mask', datatype: 'BOOL', shape: [2], data: [first, true] },
      ],
    });
  const replies = await Promise.all(Array.from({ length: 24 }, (_, index) => choose(index % 2 === 0)));
  expect(replies.map(({ outputs }) => outputs[0]?.data)).toEqual(
    Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? [1, 2] : [2])),
  );
});

it('TENSOR_BATCHING=off runs every request by itself', async () => {
  await using single = await serve({ 'dense.onnx': dense(3, width) }, { REPLICAS: '1', TENSOR_BATCHING: 'off' });
  await single.ready();
  const { models } = (await (await fetch(`${single.url}/models`)).json()) as { models: { maxBatch: number }[] };
  expect(models.map(({ maxBatch }) => maxBatch)).toEqual([1]);
});
