import { ModelList } from '@portico/schemas';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../harness/server-process.ts';
import { infer } from './support/infer.ts';
import { plus, sum } from './support/files.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await serve({
    'sum.onnx': sum(),
    'net/1/model.onnx': plus(1),
    'net/10/model.onnx': plus(10),
    'net/9/model.onnx': plus(9),
  });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

async function get(path: string, method = 'GET'): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${server.url}${path}`, { method });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

describe('the server', () => {
  it.each(['/v2', '/v2/'])('says at %s who it is and that it takes binary data', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(body).toEqual({
      name: 'portico',
      version: expect.stringMatching(/^\d+\.\d+/),
      extensions: ['binary_tensor_data', 'model_configuration', 'model_repository', 'statistics'],
    });
  });

  it('lists the names of its models', async () => {
    expect(await get('/v2/models')).toMatchObject({ status: 200, body: { models: ['net', 'sum'] } });
  });

  it('is live and ready', async () => {
    expect(await get('/v2/health/live')).toMatchObject({ status: 200, body: { live: true } });
    expect(await get('/v2/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('counts files with the other models, as another kind', async () => {
    const { models } = ModelList.parse((await get('/models')).body);
    expect(models.map(({ kind, name }) => [kind, name])).toEqual([
      ['tensors', 'net'],
      ['tensors', 'net'],
      ['tensors', 'net'],
      ['tensors', 'sum'],
    ]);
    const ready = (await get('/ready')).body;
    expect(ready).toMatchObject({
      models: [{ kind: 'tensors', name: 'net', variant: '1', device: 'cpu' }, {}, {}, {}],
    });
  });
});

describe('a model', () => {
  it('lists its tensors, with -1 for a free axis', async () => {
    expect((await get('/v2/models/sum')).body).toEqual({
      name: 'sum',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [
        { name: 'a', datatype: 'FP32', shape: [-1] },
        { name: 'b', datatype: 'FP32', shape: [-1] },
      ],
      outputs: [
        { name: 'sum', datatype: 'FP32', shape: [-1] },
        { name: 'same', datatype: 'FP32', shape: [-1] },
      ],
    });
  });

  it('has a configuration as Triton writes it, whose dimensions are whole shapes', async () => {
    const { status, body } = await get('/v2/models/sum/config');
    const free = { dims: [-1], data_type: 'TYPE_FP32' };
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'sum',
      platform: 'onnxruntime_onnx',
      backend: 'onnxruntime',
      max_batch_size: 0,
      input: [
        { name: 'a', ...free },
        { name: 'b', ...free },
      ],
      output: [
        { name: 'sum', ...free },
        { name: 'same', ...free },
      ],
      instance_group: [{ kind: 'KIND_CPU', count: expect.any(Number) }],
      default_model_filename: 'sum.onnx',
    });
    expect((await get('/v2/models/net/versions/9/config')).body).toMatchObject({
      name: 'net',
      input: [{ name: 'x', data_type: 'TYPE_FP32', dims: [-1, 2] }],
      default_model_filename: 'model.onnx',
    });
  });

  it('is asked in any of its versions, the largest number by default', async () => {
    expect((await get('/v2/models/net/versions/9')).body).toMatchObject({ name: 'net', versions: ['1', '9', '10'] });
    expect((await get('/v2/models/net/versions/1/ready')).body).toEqual({ name: 'net', ready: true });
    const head = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [0, 0.5] }] };
    for (const [model, version, data] of [
      ['net', '10', [10, 10.5]],
      ['net/versions/1', '1', [1, 1.5]],
      ['net/versions/9', '9', [9, 9.5]],
    ] as const) {
      const { json } = await infer(server, model, head);
      expect(json).toMatchObject({ model_name: 'net', model_version: version, outputs: [{ name: 'y', data }] });
    }
  });
});

describe('extensions that do not exist', () => {
  it.each([
    ['/v2/trace/setting', /OTEL_EXPORTER_OTLP_ENDPOINT/],
    ['/v2/models/sum/trace/setting', /OTEL_EXPORTER_OTLP_ENDPOINT/],
    ['/v2/logging', /LOG_LEVEL/],
    ['/v2/systemsharedmemory/status', /binary data/],
    ['/v2/systemsharedmemory/region/mine/register', /binary data/],
    ['/v2/cudasharedmemory/unregister', /binary data/],
    ['/v2/models/sum/generate', /infer/],
    ['/v2/models/net/versions/9/generate_stream', /infer/],
  ])('%s is refused in words that say what there is instead, however it is asked', async (path, instead) => {
    for (const method of ['GET', 'POST']) {
      const { status, body, headers } = await get(path, method);
      expect([status, headers.get('x-error-code')]).toEqual([404, 'NOT_FOUND']);
      expect(body).toEqual({ error: expect.stringMatching(instead) });
    }
  });
});

describe('what there is not', () => {
  it.each([
    ['/v2/models/nothing', 'GET', 404, 'No model "nothing" is loaded from the model repository.'],
    ['/v2/models/nothing/ready', 'GET', 404, 'No model "nothing" is loaded from the model repository.'],
    ['/v2/models/nothing/infer', 'POST', 404, 'No model "nothing" is loaded from the model repository.'],
    ['/v2/models/net/versions/2', 'GET', 404, 'Model "net" has no version "2". Available: 1, 9, 10.'],
    ['/v2/models/ocr', 'GET', 404, 'No model "ocr" is loaded from the model repository.'],
    ['/v2/models/nothing/config', 'GET', 404, 'No model "nothing" is loaded from the model repository.'],
    ['/v2/models/net/versions/2/stats', 'GET', 404, 'Model "net" has no version "2". Available: 1, 9, 10.'],
    ['/v2/models/__proto__', 'GET', 404, 'No model "__proto__" is loaded from the model repository.'],
  ])("%s by %s is %i in the protocol's words", async (path, method, status, error) => {
    expect(await get(path, method)).toMatchObject({ status, body: { error } });
  });

  it("has wrong paths and methods reported in the protocol's format too", async () => {
    expect(await get('/v2/nothing')).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining('/v2/nothing') },
    });
    expect(await get('/v2/models/sum/infer')).toMatchObject({
      status: 405,
      body: { error: expect.stringContaining('POST') },
    });
  });
});

it('every answer has a request id, and an inference says how long its phases took', async () => {
  const { headers } = await infer(
    server,
    'sum',
    { inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1], data: [1] })) },
    { headers: { 'x-request-id': 'mine' } },
  );
  expect(headers.get('x-request-id')).toBe('mine');
  expect(headers.get('server-timing')).toMatch(/^queue;dur=\d.*inference;dur=\d/);
  expect((await get('/v2/models/nothing')).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
});

it('GET /openapi.json has the routes, for the models there are', async () => {
  const { body } = await get('/openapi.json');
  const { valid, errors } = await new Validator().validate(body as Record<string, unknown>);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const { paths } = body as { paths: Record<string, { post?: { parameters: unknown[] } }> };
  const model = '/v2/models/{model}';
  expect(Object.keys(paths).filter((path) => path.startsWith('/v2'))).toEqual([
    '/v2',
    '/v2/health/live',
    '/v2/health/ready',
    '/v2/models',
    '/v2/models/stats',
    ...[model, `${model}/versions/{version}`].flatMap((path) =>
      ['', '/ready', '/config', '/stats', '/infer'].map((route) => path + route),
    ),
    '/v2/repository/index',
  ]);
  expect(paths[`${model}/infer`]?.post?.parameters).toMatchObject([
    { name: 'model', schema: { enum: ['net', 'sum'] } },
    { name: 'x-timeout-seconds' },
    { name: 'inference-header-content-length' },
    { name: 'content-encoding' },
  ]);
});
