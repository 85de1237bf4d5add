import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/server-process.ts';
import { loop } from '../onnx/models.ts';
import { change, index, keyHeader, serveControlled } from './support/control.ts';
import { plus, sequence } from './support/files.ts';
import { infer } from './support/infer.ts';
import { serve } from './support/serve.ts';

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
const headers = keyHeader;
const done = { status: 200, json: {} };

/** Sends the headers of a request and the first bytes of its body; `end` sends the rest. */
function beginLate(url: string, model: string) {
  const body = Buffer.from(JSON.stringify({ inputs: [x] }));
  const sent = request(`${url}/v2/models/${model}/infer`, {
    method: 'POST',
    headers: { ...headers, 'content-length': body.length, expect: '100-continue' },
  });
  const begun = once(sent, 'continue').then(() => sent.write(body.subarray(0, 10)));
  const end = async (): Promise<{ status: number | undefined; json: unknown }> => {
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body.subarray(10));
    const [response] = await answered;
    return { status: response.statusCode, json: await readJson(response) };
  };
  return { begun, end };
}

describe('with MODEL_CONTROL=explicit', () => {
  let server: Awaited<ReturnType<typeof serveControlled>>;
  beforeAll(async () => {
    server = await serveControlled({});
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const write = (path: string, file: Uint8Array): void => {
    mkdirSync(dirname(join(server.folder, path)), { recursive: true });
    writeFileSync(join(server.folder, path), file);
  };
  /** What a model makes of 1 and 2, or the status of its refusal. */
  const answer = async (model: string): Promise<unknown> => {
    const { status, outputs } = await infer(server, model, { inputs: [x] }, { headers });
    return status === 200 ? outputs[0]?.data : status;
  };

  it('a server without models is ready, and loads, replaces and unloads what comes into its folder', async () => {
    expect(await index(server)).toEqual([]);
    expect(await answer('plus')).toBe(404);

    write('plus.onnx', plus(1));
    const absent = { name: 'plus', version: '', state: 'UNAVAILABLE', reason: 'It is not loaded.' };
    expect(await index(server)).toEqual([absent]);
    expect(await index(server, { ready: true })).toEqual([]);
    expect(await change(server, 'load', 'plus')).toEqual(done);
    expect(await answer('plus')).toEqual([2, 3]);
    expect(await index(server)).toEqual([{ name: 'plus', version: '1', state: 'READY', reason: '' }]);

    write('plus.onnx', plus(10));
    expect(await answer('plus')).toEqual([2, 3]);
    expect(await change(server, 'load', 'plus', {})).toEqual(done);
    expect(await answer('plus')).toEqual([11, 12]);
    expect(await server.engines()).toHaveLength(1);

    expect(await change(server, 'unload', 'plus', { parameters: { unload_dependents: false } })).toEqual(done);
    expect(await server.engines()).toEqual([]);
    expect(await answer('plus')).toBe(404);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    expect(await index(server)).toEqual([absent]);
    const again = { status: 404, json: { error: 'No model "plus" is loaded.' } };
    expect(await change(server, 'unload', 'plus')).toEqual(again);
  });

  it('a load adds versions that are new, and takes away those that are gone', async () => {
    write('versions/1/model.onnx', plus(1));
    expect(await change(server, 'load', 'versions')).toEqual(done);
    write('versions/2/model.onnx', plus(2));
    expect(await answer('versions')).toEqual([2, 3]);
    expect(await change(server, 'load', 'versions')).toEqual(done);
    expect(await answer('versions')).toEqual([3, 4]);
    expect(await answer('versions/versions/1')).toEqual([2, 3]);

    rmSync(join(server.folder, 'versions', '1'), { recursive: true });
    expect(await change(server, 'load', 'versions')).toEqual(done);
    expect(await answer('versions/versions/1')).toBe(404);
    expect(await answer('versions')).toEqual([3, 4]);
  });

  it('a file that does not load leaves what is loaded as it is, and the reason is told', async () => {
    write('broken/1/model.onnx', plus(1));
    expect(await change(server, 'load', 'broken')).toEqual(done);
    write('broken/2/model.onnx', sequence());
    const { status, json } = await change(server, 'load', 'broken');
    expect([status, json.error]).toEqual([
      400,
      expect.stringMatching(/^Version 2 of model broken does not load: .*no tensor.*\. Still served: version 1\.$/),
    ]);
    await server.logged(({ level, msg }) => level === 'warn' && msg === json.error);
    expect(await answer('broken')).toEqual([2, 3]);
    expect(await answer('broken/versions/2')).toBe(404);
  });

  it('requests that run when their model is unloaded are answered', async () => {
    write('loop.onnx', loop());
    expect(await change(server, 'load', 'loop')).toEqual(done);
    const trips = { name: 'trips', datatype: 'INT64', shape: [], data: [1_000_000] };
    const running = infer(server, 'loop', { inputs: [trips] }, { headers });
    await eventually(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text();
      return metrics.includes('portico_in_flight{model="tensors/loop:1"} 1') ? true : undefined;
    });
    expect(await change(server, 'unload', 'loop')).toEqual(done);
    expect((await running).status).toBe(200);
    // Its counts stay, and what is measured of it ends.
    const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text();
    expect(metrics).toContain('portico_requests_total{model="tensors/loop:1",outcome="ok"} 1');
    expect(metrics).not.toContain('portico_model_ready{model="tensors/loop:1"}');
  });

  it('a request whose body comes while its model is replaced gets what is served then', async () => {
    write('late.onnx', plus(1));
    expect(await change(server, 'load', 'late')).toEqual(done);
    const requests = [beginLate(server.url, 'late'), beginLate(server.url, 'late')] as const;
    await Promise.all(requests.map(({ begun }) => begun));
    write('late.onnx', plus(5));
    expect(await change(server, 'load', 'late')).toEqual(done);
    expect(await requests[0].end()).toMatchObject({ status: 200, json: { outputs: [{ data: [6, 7] }] } });
    expect(await change(server, 'unload', 'late')).toEqual(done);
    expect(await requests[1].end()).toMatchObject({ status: 404, json: { error: expect.stringContaining('"late"') } });
  });

  it.each([
    ['nothing', undefined, 404, 'The model repository has no model "nothing". Put it there as nothing.onnx or'],
    ['..%2F..%2Fetc', undefined, 404, 'The model repository has no model'],
    ['plus', { parameters: { config: '{}' } }, 400, 'The parameter config is not supported'],
    ['plus', { parameters: { 'file:1/model.onnx': 'AAAA' } }, 400, 'put the file into the model repository'],
    ['plus', { parameters: 1 }, 400, 'The body is not the JSON object that this route takes.'],
    ['plus', { parameters: { note: 'x'.repeat(70_000) } }, 413, 'The body is larger than 64 KiB.'],
  ])('a load of %j with %j is refused with %i', async (model, body, status, message) => {
    const refused = await change(server, 'load', model, body);
    expect([refused.status, refused.json.error]).toEqual([status, expect.stringContaining(message)]);
  });

  it('the document has the routes, and no names of models', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`, { headers })).json()) as {
      paths: Record<string, { post?: { parameters?: { name: string; schema: object }[] } }>;
    };
    for (const path of ['/v2/repository/models/{model}/load', '/v2/models/{model}/infer'])
      expect(paths[path]?.post?.parameters?.[0]?.schema).toEqual({ type: 'string' });
  });
});

it('versions that are loaded together share the cores, as they do at start', async () => {
  await using server = await serveControlled({}, { REPLICAS: undefined });
  for (const version of ['1', '2']) {
    mkdirSync(join(server.folder, 'plus', version), { recursive: true });
    writeFileSync(join(server.folder, 'plus', version, 'model.onnx'), plus(1));
  }
  expect(await change(server, 'load', 'plus')).toEqual(done);
  expect((await server.engines()).length).toBeLessThanOrEqual(Math.max(2, availableParallelism()));
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
