import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../harness/server-process.ts';
import { loop } from '../onnx/models.ts';
import { change, index, keyHeader, serveControlled } from './support/control.ts';
import { plus, sequence } from './support/files.ts';
import { infer } from './support/infer.ts';
import { serve } from './support/serve.ts';

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
const headers = keyHeader;
const done = { status: 200, json: {} };

/** What a model makes of 1 and 2, or the status of its refusal. */
async function answer(server: { readonly url: string }, model: string): Promise<unknown> {
  const { status, outputs } = await infer(server, model, { inputs: [x] }, { headers });
  return status === 200 ? outputs[0]?.data : status;
}

it('a server without models is ready, and loads, replaces and unloads what comes into its folder', async () => {
  await using server = await serveControlled({});
  expect(await index(server)).toEqual([]);
  expect(await answer(server, 'plus')).toBe(404);

  writeFileSync(join(server.folder, 'plus.onnx'), plus(1));
  expect(await index(server)).toEqual([
    { name: 'plus', version: '', state: 'UNAVAILABLE', reason: 'It is not loaded.' },
  ]);
  expect(await change(server, 'load', 'plus')).toEqual(done);
  expect(await answer(server, 'plus')).toEqual([2, 3]);
  expect(await index(server)).toEqual([{ name: 'plus', version: '1', state: 'READY', reason: '' }]);

  writeFileSync(join(server.folder, 'plus.onnx'), plus(10));
  expect(await answer(server, 'plus')).toEqual([2, 3]);
  expect(await change(server, 'load', 'plus', {})).toEqual(done);
  expect(await answer(server, 'plus')).toEqual([11, 12]);
  expect(await server.engines()).toHaveLength(1);

  expect(await change(server, 'unload', 'plus', { parameters: { unload_dependents: false } })).toEqual(done);
  expect(await server.engines()).toEqual([]);
  expect(await answer(server, 'plus')).toBe(404);
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  const again = await change(server, 'unload', 'plus');
  expect(again).toEqual({ status: 404, json: { error: 'No model "plus" is loaded.' } });
});

it('a load adds versions that are new, and takes away those that are gone', async () => {
  await using server = await serveControlled({ 'plus/1/model.onnx': plus(1) });
  mkdirSync(join(server.folder, 'plus', '2'));
  writeFileSync(join(server.folder, 'plus', '2', 'model.onnx'), plus(2));
  expect(await change(server, 'load', 'plus')).toEqual(done);
  expect(await answer(server, 'plus')).toEqual([3, 4]);
  expect(await answer(server, 'plus/versions/1')).toEqual([2, 3]);

  rmSync(join(server.folder, 'plus', '1'), { recursive: true });
  expect(await change(server, 'load', 'plus')).toEqual(done);
  expect(await answer(server, 'plus/versions/1')).toBe(404);
  expect(await answer(server, 'plus')).toEqual([3, 4]);
  expect(await server.engines()).toHaveLength(1);
});

it('a file that does not load leaves what is loaded as it is, and the reason is told', async () => {
  await using server = await serveControlled({ 'plus/1/model.onnx': plus(1) });
  mkdirSync(join(server.folder, 'plus', '2'));
  writeFileSync(join(server.folder, 'plus', '2', 'model.onnx'), sequence());
  const { status, json } = await change(server, 'load', 'plus');
  expect([status, json.error]).toEqual([
    400,
    expect.stringMatching(
      /^Version 2 of model plus does not load: .*no tensor.* What was loaded before goes on serving: version 1\.$/,
    ),
  ]);
  expect(await answer(server, 'plus')).toEqual([2, 3]);
  expect(await answer(server, 'plus/versions/2')).toBe(404);
  expect(await server.engines()).toHaveLength(1);
});

it('requests that run when their model is unloaded are answered', async () => {
  await using server = await serveControlled({ 'loop.onnx': loop() });
  const trips = { name: 'trips', datatype: 'INT64', shape: [], data: [3_000_000] };
  const running = infer(server, 'loop', { inputs: [trips] }, { headers });
  await eventually(async () => {
    const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text();
    return metrics.includes('portico_in_flight{model="tensors/loop:1"} 1') ? true : undefined;
  });
  expect(await change(server, 'unload', 'loop')).toEqual(done);
  expect((await running).status).toBe(200);
});

it('without MODEL_CONTROL=explicit nothing is loaded or unloaded, and the index tells what is served', async () => {
  await using server = await serve({ 'plus.onnx': plus(1) });
  await server.ready();
  for (const what of ['load', 'unload'] as const) {
    const { status, json } = await change(server, what, 'plus');
    expect([status, json.error]).toEqual([400, expect.stringContaining('Set MODEL_CONTROL=explicit and API_KEYS')]);
  }
  expect(await index(server, { ready: true })).toEqual([{ name: 'plus', version: '1', state: 'READY', reason: '' }]);
});
