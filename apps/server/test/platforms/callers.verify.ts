import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { eventually, type ServerProcess } from '../harness/server-process.ts';
import { plus } from '../v2/support/files.ts';
import { canMountModels, sample, startContainer, stopContainer } from './support/container.ts';

const picture = sample('page.jpg');
const b64 = picture.toString('base64');
const text = expect.stringContaining('A model is a function with opinions') as unknown;

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** What comes through to the container of a call of `InvokeEndpoint`. */
const invoke = (
  { url }: ServerProcess,
  body: Buffer,
  { type = 'image/jpeg', accept = '*/*', attributes }: { type?: string; accept?: string; attributes?: string } = {},
): Promise<Response> =>
  fetch(`${url}/invocations`, {
    method: 'POST',
    headers: {
      'content-type': type,
      accept,
      'x-amzn-sagemaker-endpoint-name': 'portico',
      ...(attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': attributes }),
    },
    body: new Uint8Array(body),
  });

/** SageMaker waits for two seconds. */
const ping = async ({ url }: ServerProcess): Promise<number> =>
  (await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2_000) })).status;

describe('SageMaker', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startContainer({ SAGEMAKER_BIND_TO_PORT: '0', PORT: '1', MODEL_NAME: 'ocr' });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it('pings until the model is ready, and then gets answers from its port alone', async () => {
    expect(await ping(server)).toBe(503);
    await eventually(async () => ((await ping(server)) === 200 ? true : undefined), 60_000);
    const response = await invoke(server, picture, { attributes: 'x-timeout-seconds=30,params.words=true' });
    expect(response.headers.get('x-amzn-sagemaker-custom-attributes')).toContain('x-request-id=');
    const { lines, ...rest } = (await response.json()) as { lines: { words?: unknown[] }[] };
    expect(rest).toMatchObject({ text });
    expect(lines[0]?.words?.length).toBeGreaterThan(0);
  });

  it('pings in time while every replica is busy and requests are pending', async () => {
    const invocations = Array.from({ length: 12 }, () => invoke(server, picture));
    const pings: number[] = [];
    const over = new AbortController();
    const done = Promise.all(invocations).finally(() => over.abort());
    while (!over.signal.aborted) pings.push(await ping(server));
    expect((await done).map(({ status }) => status)).toEqual(invocations.map(() => 200));
    expect(new Set(pings)).toEqual(new Set([200]));
  });

  it('gets problems, whose status and text the client sees', async () => {
    const late = await invoke(server, picture, { attributes: 'x-timeout-seconds=0.001' });
    expect([late.status, await late.json()]).toMatchObject([504, { code: 'TIMEOUT' }]);
    const broken = await invoke(server, picture.subarray(0, 500));
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 'BAD_INPUT' }]);
  });

  it('stops the container, which finishes what it has and ends with code 0', async () => {
    const invocations = Array.from({ length: 4 }, () => invoke(server, picture));
    await eventually(async () => ((await metricOf(server)) > 0 ? true : undefined));
    expect(await stopContainer(server, 30_000)).toBe(0);
    expect((await Promise.all(invocations)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

/** Requests to the model that are running. */
async function metricOf({ url }: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^portico_in_flight\{model="ocr"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

it('SageMaker streams the items of a task to a client that accepts events', async () => {
  await using server = await startContainer({ SAGEMAKER_BIND_TO_PORT: '0', MODEL_NAME: 'vad' });
  await server.ready();
  for (const how of [{ accept: 'text/event-stream' }, { attributes: 'accept=text/event-stream' }]) {
    const response = await invoke(server, sample('speech.flac'), { type: 'audio/flac', ...how });
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    expect([...(await response.text()).matchAll(/^event: (\w+)$/gm)].map(([, event]) => event)).toEqual([
      'item',
      'item',
      'result',
    ]);
  }
});

describe('an ONNX file that the platform brings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'model.onnx'), plus(1));
  afterAll(() => rmSync(folder, { recursive: true }));
  const instances = {
    instances: [
      [1, 2],
      [3, 4],
    ],
  };
  const predictions = {
    predictions: [
      [2, 3],
      [4, 5],
    ],
  };

  if (!canMountModels) explainSkip('a folder at /opt/ml/model takes root');
  it.skipIf(!canMountModels)('is what SageMaker serves', async () => {
    await using server = await startContainer({ PORT: '0' }, { sageMakerModel: folder });
    await server.ready();
    expect(
      await (await invoke(server, Buffer.from(JSON.stringify(instances)), { type: 'application/json' })).json(),
    ).toEqual(predictions);
    expect(server.log.map(({ msg }) => msg)).toContain(
      'Serving the ONNX files in /opt/ml/model, because neither MODEL_NAME nor MODEL_REPOSITORY is set.',
    );
  });

  it('is what Azure ML serves, at the scoring route of the deployment', async () => {
    await using server = await startContainer({ PORT: '0', AZUREML_MODEL_DIR: folder }, { words: [] });
    await server.ready();
    expect(await (await post(`${server.url}/invocations`, instances)).json()).toEqual(predictions);
  });

  it('is what KServe serves, over both of its protocols', async () => {
    const MODEL_REPOSITORY = `net=${join(folder, 'model.onnx')}`;
    await using server = await startContainer({ PORT: '0', MODEL_NAME: '', MODEL_REPOSITORY }, { words: [] });
    await server.ready();
    expect(await (await fetch(`${server.url}/v1/models/net`)).json()).toEqual({ name: 'net', ready: true });
    expect(await (await post(`${server.url}/v1/models/net:predict`, instances)).json()).toEqual(predictions);
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }];
    for (const path of ['/v2/models/net/infer', '/invocations', '/'])
      expect(await (await post(`${server.url}${path}`, { inputs })).json()).toMatchObject({
        outputs: [{ data: [2, 3] }],
      });
  });
});

describe('Vertex AI', () => {
  const route = '/v1/endpoints/12/deployedModels/34:predict';
  let server: ServerProcess;
  beforeAll(async () => {
    const routes = { AIP_HEALTH_ROUTE: route, AIP_PREDICT_ROUTE: route };
    const others = { AIP_MODE: 'PREDICTION', AIP_STORAGE_URI: 'gs://bucket/model', AIP_ENDPOINT_ID: '12' };
    server = await startContainer({ AIP_HTTP_PORT: '0', ...routes, ...others, MODEL_NAME: 'ocr' }, { words: [] });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it('connects at once, and finds the server healthy when the model is ready', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    expect((await fetch(server.url + route)).status).toBe(503);
    await server.ready();
    expect((await fetch(server.url + route)).status).toBe(200);
  });

  it('gets a prediction for each instance, in order', async () => {
    const portrait = sample('astronaut.png').toString('base64');
    const instances = [{ b64 }, `data:image/png;base64,${portrait}`, { data: b64 }];
    const response = await post(server.url + route, { instances, parameters: { minConfidence: 0.6 } });
    expect(await response.json()).toMatchObject({ predictions: [{ text }, { width: 512 }, { text }] });
  });

  it('gets one error for a request with a bad instance, which says where it is', async () => {
    const broken = picture.subarray(0, 500).toString('base64');
    const response = await post(server.url + route, { instances: [{ b64 }, { b64: broken }, { b64 }] });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^instances\.1: /) as unknown });
  });

  it('passes a raw prediction on as it is', async () => {
    const headers = { 'content-type': 'image/jpeg' };
    const response = await fetch(server.url + route, { method: 'POST', headers, body: new Uint8Array(picture) });
    expect(await response.json()).toMatchObject({ text });
  });
});

it('Hugging Face gets the output for inputs and for a file, and an error as a text', async () => {
  await using server = await startContainer(
    { PORT: '0', MODEL_NAME: 'ocr', HF_MODEL_DIR: '/repository' },
    { words: [] },
  );
  await server.ready();
  const root = `${server.url}/`;
  const parameters = { words: true };
  expect(await (await post(root, { inputs: b64, parameters, options: { use_cache: false } })).json()).toMatchObject({
    text,
  });
  const file = await fetch(root, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  });
  expect(await file.json()).toMatchObject({ text });
  const wrong = await post(root, { inputs: b64, parameters: { word: true } });
  expect([wrong.status, await wrong.json()]).toEqual([400, { error: 'parameters.word: Unknown parameter' }]);
  expect((await fetch(root)).headers.get('content-type')).toContain('application/json');
});

it('Cloud Run stops the container within ten seconds, and every request gets a response', async () => {
  const environment = { PORT: '0', K_SERVICE: 'portico', K_REVISION: 'portico-1', K_CONFIGURATION: 'portico' };
  await using server = await startContainer({ ...environment, MODEL_NAME: 'ocr', REPLICAS: '1' }, { words: [] });
  await server.ready();
  const headers = { 'content-type': 'image/jpeg' };
  // More than one replica reads in ten seconds.
  const readings = Array.from({ length: 60 }, () =>
    fetch(`${server.url}/ocr`, { method: 'POST', headers, body: new Uint8Array(picture) }),
  );
  await eventually(async () => ((await metricOf(server)) > 0 ? true : undefined));
  expect(await stopContainer(server, 10_000)).toBe(0);
  const statuses = (await Promise.all(readings)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

it('a server with several models says so at the start, and in its response', async () => {
  await using server = await startContainer({ SAGEMAKER_BIND_TO_PORT: '0', MODEL_NAME: 'ocr,faces', API_KEYS: 'key' });
  const warnings = server.log.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
  expect(warnings).toEqual([
    expect.stringContaining('several: ocr, faces. They get 404 until MODEL_NAME'),
    expect.stringContaining('API_KEYS is set, but SageMaker passes no key on'),
  ]);
  expect((await invoke(server, picture)).status).toBe(401);
  const response = await post(`${server.url}/invocations`, {}, { 'x-api-key': 'key' });
  expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
});
