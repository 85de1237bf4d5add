import { createRequire } from 'node:module';
import { GpuStatus, ModelList, Ready } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { metricsNamed } from '../monitoring/monitoring-files.ts';
import { form, post, postJson } from './support/asking.ts';
import { metricsOf } from './support/metrics.ts';
import { blank } from './support/pages.ts';
import { node, onnxFile } from '../onnx/onnx.ts';
import { serve } from '../v2/support/serve.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,crash', MAX_BATCH_ITEMS: '7' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const get = (path: string): Promise<Response> => fetch(server.url + path);
const json = async (path: string): Promise<unknown> => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return response.json();
};

describe('Probes', () => {
  it('GET /health is ok', async () => {
    expect(await json('/health')).toEqual({ status: 'ok' });
  });

  it('GET /ready lists every model with its device and replicas', async () => {
    const ready = Ready.strict().parse(await json('/ready'));
    expect(ready.models).toMatchObject([
      { name: 'ocr', variant: expect.any(String), device: expect.any(String), replicas: { ready: 1, target: 1 } },
      { name: 'crash', variant: 'fixture', replicas: { ready: 1, target: 1 } },
    ]);
  });

  it('GET /gpu lists the GPUs, or says why there are none', async () => {
    const status = GpuStatus.parse(await json('/gpu'));
    expect(status.available ? status.gpus : status.reason).not.toHaveLength(0);
  });

  it('HEAD answers without a body', async () => {
    const response = await fetch(`${server.url}/ready`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('GET /models', () => {
  it('has everything about each model', async () => {
    const { models } = ModelList.parse(await json('/models'));
    const [ocr, crash] = models;
    expect(ocr).toMatchObject({
      kind: 'task',
      name: 'ocr',
      summary: expect.any(String),
      accepts: ['image/jpeg', 'image/png', 'image/webp', 'image/tiff', 'image/gif', 'image/avif'],
      params: { properties: { minConfidence: { default: 0.5, minimum: 0, maximum: 1 }, maxSideLength: {} } },
      output: { $defs: { OcrResult: { required: ['width', 'height', 'angle', 'text', 'lines', 'warnings'] } } },
      maxBatch: 1,
      versions: { onnxruntime: createRequire(import.meta.url)('onnxruntime-node/package.json').version },
    });
    if (ocr?.kind !== 'task') throw new Error('ocr is a task');
    expect(ocr.variants).toContain(ocr.variant);
    expect(ocr.weights.length).toBeGreaterThan(0);
    for (const { sha256 } of ocr.weights) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const { device, reason } of ocr.devicesRefused) expect([device, reason]).not.toContain('');
    expect(crash).toMatchObject({ name: 'crash', accepts: ['application/json'], weights: [] });
  });
});

describe('GET /metrics', () => {
  it('has every family, with its type', async () => {
    await postJson(`${server.url}/crash`, { input: { how: 'answer' } });
    const { families } = await metricsOf(server.url);
    expect(Object.fromEntries([...families].filter(([name]) => name.startsWith('portico_')))).toEqual({
      portico_requests_total: 'counter',
      portico_request_duration_seconds: 'histogram',
      portico_queue_seconds: 'histogram',
      portico_run_phase_seconds: 'histogram',
      portico_queue_depth: 'gauge',
      portico_in_flight: 'gauge',
      portico_batch_size: 'histogram',
      portico_replicas: 'gauge',
      portico_replica_restarts_total: 'counter',
      portico_clients: 'gauge',
      portico_cancelled_total: 'counter',
      portico_rejected_total: 'counter',
      portico_upload_bytes: 'gauge',
      portico_unread_bytes: 'gauge',
      portico_build_info: 'gauge',
      portico_model_info: 'gauge',
      portico_model_ready: 'gauge',
      portico_engine_resident_bytes: 'gauge',
      portico_weights_download_bytes_total: 'counter',
      portico_weights_download_seconds_total: 'counter',
      portico_event_loop_lag_seconds: 'histogram',
      portico_event_loop_active_seconds_total: 'counter',
      portico_gpu_utilization_ratio: 'gauge',
      portico_gpu_memory_used_bytes: 'gauge',
      portico_gpu_memory_total_bytes: 'gauge',
      portico_gpu_temperature_celsius: 'gauge',
      portico_gpu_power_watts: 'gauge',
    });
    expect(families.has('process_resident_memory_bytes')).toBe(true);
  });

  it('has every metric that the documentation, the dashboard, the alerts and the autoscalers name', async () => {
    const { families } = await metricsOf(server.url);
    const exists = (name: string): boolean =>
      families.has(name) ||
      families.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram' ||
      // Of several, the beginning.
      (name.endsWith('_') && [...families.keys()].some((family) => family.startsWith(name)));
    const missing = [...(await metricsNamed())].filter(([name]) => !exists(name));
    expect(missing).toEqual([]);
  });

  it('is Prometheus text', async () => {
    expect((await get('/metrics')).headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('counts what happened, and nothing twice', async () => {
    const png = await blank(64);
    const counted = ['ok', 'BAD_INPUT', 'INVALID_PARAMETERS', 'UNSUPPORTED_MEDIA_TYPE', 'TOO_LARGE', 'NOT_ACCEPTABLE'];
    const read = async (): Promise<number[]> => {
      const found = await metricsOf(server.url);
      return [
        ...counted.map((outcome) => found.value('portico_requests_total', { model: 'ocr', outcome }) ?? 0),
        found.value('portico_request_duration_seconds_count', { model: 'ocr' }) ?? 0,
        found.value('portico_queue_seconds_count', { model: 'ocr' }) ?? 0,
        found.value('portico_batch_size_count', { model: 'ocr' }) ?? 0,
        found.value('portico_run_phase_seconds_count', { model: 'ocr', phase: 'inference' }) ?? 0,
      ];
    };
    const before = await read();
    const ocr = `${server.url}/ocr`;
    await post(ocr, form(png));
    await post(ocr, form(new Uint8Array()));
    await post(`${ocr}?bogus=1`, form(png));
    await post(ocr, 'x', { 'content-type': 'text/html' });
    await post(ocr, form(png), { accept: 'text/html' });
    const two = form(png);
    two.append('file', new Blob([png as BlobPart], { type: 'image/png' }), 'second');
    await post(`${ocr}/batch`, two);
    await post(`${ocr}/batch`, form(png, { fields: { bogus: '1' } }));
    const after = await read();
    const more = after.map((count, index) => count - (before[index] ?? 0));
    // Items of a batch count one by one; a batch that is refused as a whole counts once.
    expect(more).toEqual([3, 1, 2, 1, 0, 1, 8, 3, 3, 3]);
  });

  it('shows a server at rest', async () => {
    const gauges = (found: Awaited<ReturnType<typeof metricsOf>>, model: string) => [
      found.value('portico_queue_depth', { model }),
      found.value('portico_in_flight', { model }),
      found.value('portico_replicas', { model, state: 'ready' }),
      found.value('portico_replicas', { model, state: 'target' }),
    ];
    // A run whose client has left may still be going on.
    const found = await eventually(async () => {
      const now = await metricsOf(server.url);
      const busy = ['ocr', 'crash'].some((model) => (now.value('portico_in_flight', { model }) ?? 0) > 0);
      return busy ? undefined : now;
    });
    for (const model of ['ocr', 'crash']) {
      expect(gauges(found, model)).toEqual([0, 0, 1, 1]);
      expect(found.value('portico_model_ready', { model })).toBe(1);
      expect(found.value('portico_engine_resident_bytes', { model })).toBeGreaterThan(20e6);
    }
    expect(found.text).toMatch(/^portico_model_info\{model="ocr",device="cpu",onnxruntime_version="1\.\d+\.\d+"\} 1$/m);
  });
});

describe('Without a model', () => {
  let empty: ServerProcess;
  beforeAll(async () => {
    empty = await startServer({ MODEL_NAME: '' });
  });
  afterAll(() => empty[Symbol.asyncDispose]());

  it('a server is healthy, never ready, and says why', async () => {
    expect((await fetch(`${empty.url}/health`)).status).toBe(200);
    const response = await fetch(`${empty.url}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not ready',
      detail: expect.stringContaining('MODEL_NAME'),
      models: [],
    });
    expect(await (await fetch(`${empty.url}/models`)).json()).toEqual({ models: [] });
    expect((await fetch(`${empty.url}/openapi.json`)).status).toBe(200);
    expect((await postJson(`${empty.url}/ocr`, {})).status).toBe(404);
  });
});

/** A file whose graph ONNX Runtime refuses, with a name of a node that looks like a path. */
const dangling = onnxFile({
  nodes: [node('Add', ['x', '/encoder/0/missing'], ['y'])],
  inputs: [{ name: 'x', type: 'float32', shape: [2] }],
  outputs: [{ name: 'y', type: 'float32', shape: [2] }],
});

it('without a key nobody learns where files are; a model that cannot load is told in a sentence of its own', async () => {
  const files = { 'one.onnx': dangling, 'other.onnx': dangling };
  await using failing = await serve(files, { API_KEYS: 'a-key', MODEL_NAME: 'loading:exits' });
  const text = await eventually(async () => {
    const body = await (await fetch(`${failing.url}/ready`)).text();
    return (body.match(/"stage":"failed"/g) ?? []).length >= 2 && body.includes('code 3') ? body : undefined;
  });
  expect((JSON.parse(text) as { detail: string }).detail).toMatch(
    /^Model loading is not ready: [^.]*exited with code 3\. Model tensors\/one:1 is not ready: .*\/encoder\/0\/missing.*\. Model tensors\/other:1 is/,
  );
  expect((await fetch(`${failing.url}/models`)).status).toBe(401);
  const listed = await (await fetch(`${failing.url}/models`, { headers: { 'x-api-key': 'a-key' } })).text();
  const [, folder = ''] = /"source":"file:(?:\/\/)?([^"]+)\/one\.onnx"/.exec(listed) ?? [];
  expect(folder).not.toBe('');
  expect(text).not.toContain(folder);
});
