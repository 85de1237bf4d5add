import { defineTask, Failure, image, json } from '@portico/schemas';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { closeServers, file, type Run, serverFor, task, echo } from './testing/platform-server.ts';

afterAll(closeServers);

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const params = z.strictObject({ level: z.number().min(0).max(1).default(0.5) });
const look = defineTask({ name: 'look', summary: 'Look.', accepts: image(), params, output: z.object({}) });
const word = z.strictObject({ word: z.string() });
const say = defineTask({ name: 'say', summary: 'Say.', accepts: json(word), params, output: z.object({}) });

const predict = '/v1/endpoints/1/deployedModels/2:predict';
const pictures = await serverFor([task(look)], [], { health: '/isready', predict });
const words = await serverFor([task(say)]);
const tensors = await serverFor([], [file('net')]);

const base64 = png.toString('base64');
const send = (url: string, body: Buffer, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
async function post(server: string, path: string, body: object) {
  const json = Buffer.from(JSON.stringify(body));
  const response = await send(`${server}${path}`, json, { 'content-type': 'application/json' });
  return read(response);
}
const read = async (response: Response) => {
  const { status, headers } = response;
  const text = await response.text();
  return {
    status,
    type: headers.get('content-type'),
    headers,
    body: (text === '' ? undefined : JSON.parse(text)) as unknown,
  };
};
const get = async (url: string) => read(await fetch(url));

const picture = { of: 'image/png', params: { level: 0.5 }, timeoutMs: 60 };

it('SageMaker sends a picture as it is, and what its other headers would say as custom attributes', async () => {
  const headers = {
    'content-type': 'image/png',
    'x-amzn-sagemaker-custom-attributes': 'trace id=7, X-Timeout-Seconds=2,params.level=0.25,c000b4f9',
  };
  const response = await send(`${pictures}/invocations`, png, headers);
  const { body } = await read(response);
  expect(body).toEqual({ of: 'image/png', params: { level: 0.25 }, timeoutMs: 2 });
  expect(response.headers.get('x-amzn-sagemaker-custom-attributes')).toBe(
    `x-request-id=${response.headers.get('x-request-id')}`,
  );
  const accepts = { ...headers, 'x-amzn-sagemaker-custom-attributes': 'accept=text/event-stream' };
  expect(await read(await send(`${pictures}/invocations`, png, accepts))).toMatchObject({
    status: 406,
    type: 'application/problem+json',
  });
});

it('SageMaker gets the codes of warnings among the custom attributes, because it drops their header', async () => {
  const warned: Run = async () => ({ bytes: Buffer.from('{}'), warnings: ['truncated', 'firstPage'] });
  const url = await serverFor([task(look, warned)]);
  const response = await send(`${url}/invocations`, png, { 'content-type': 'image/png' });
  expect(response.headers.get('x-warnings')).toBe('truncated, firstPage');
  expect(response.headers.get('x-amzn-sagemaker-custom-attributes')).toBe(
    `x-request-id=${response.headers.get('x-request-id')},x-warnings=truncated;firstPage`,
  );
});

it.each([
  ['base64', base64],
  ['a data URL', `data:image/png;base64,${base64}`],
  ['b64', { b64: base64 }],
  ['b64 with its type', { b64: base64, mediaType: 'image/png' }],
  ['data', { data: base64 }],
])('a file may be %s in every JSON of a platform', async (_form, value) => {
  const parameters = { level: 1 };
  const seen = { ...picture, params: parameters };
  for (const url of ['/invocations', '/', predict]) {
    expect((await post(pictures, url, { inputs: value, parameters, options: {} })).body).toEqual(seen);
    expect((await post(pictures, url, { instances: [value, value], parameters })).body).toEqual({
      predictions: [seen, seen],
    });
  }
  expect((await post(pictures, '/v1/models/look:predict', { instances: [value] })).body).toEqual({
    predictions: [picture],
  });
});

it('a task that takes JSON gets an instance, or the inputs, as its input', async () => {
  const saying = (word: string) => ({ of: JSON.stringify({ word }), params: { level: 0.5 }, timeoutMs: 60 });
  const instances = [{ word: 'a' }, { word: 'b' }];
  expect((await post(words, '/invocations', { instances })).body).toEqual({ predictions: [saying('a'), saying('b')] });
  expect((await post(words, '/', { inputs: { word: 'a' } })).body).toEqual(saying('a'));
  expect((await post(words, '/invocations', { input: { word: 'a' } })).body).toEqual(saying('a'));
  expect((await post(words, '/invocations', { instances: [] })).body).toEqual({ predictions: [] });
});

it('one bad instance fails the whole request, with its place in the message, and in the format of the platform', async () => {
  const instances = [{ word: 'a' }, { words: 'b' }];
  const error = expect.stringContaining('instances.1.word: ') as unknown;
  expect(await post(words, '/v1/models/say:predict', { instances })).toMatchObject({ status: 400, body: { error } });
  expect(await post(words, '/invocations', { instances })).toMatchObject({
    status: 422,
    type: 'application/problem+json',
    body: { code: 'INVALID_PARAMETERS', detail: error },
  });
  const broken = await post(pictures, '/', { instances: [{ b64: base64 }, { b64: '?' }] });
  expect(broken).toMatchObject({ status: 400, body: { error: 'instances.1.b64 is not valid base64.' } });
  expect(broken.headers.get('x-error-code')).toBe('BAD_INPUT');
});

it('an instance on which the model fails is named too, and those after it are not run', async () => {
  const ran: string[] = [];
  const stopped: boolean[] = [];
  const run: Run = async ({ bytes }, { signal }) => {
    ran.push(Buffer.from(bytes).toString());
    if (ran.length === 2) throw new Failure('BAD_INPUT', 'It cannot be said.');
    if (ran.length > 2) throw new Error('it was to be the last');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    stopped.push(signal.aborted);
    return Buffer.from('{}');
  };
  const app = await serverFor([task(say, run)]);
  const instances = ['a', 'b', 'c'].map((word) => ({ word }));
  const { body } = await post(app, '/', { instances });
  expect(body).toEqual({ error: 'instances.1: It cannot be said.' });
  expect(stopped).toEqual([true]);
});

it('parameters are named as the client named them, and instances are bounded', async () => {
  expect((await post(pictures, '/', { inputs: base64, parameters: { level: 2 } })).body).toEqual({
    error: expect.stringMatching(/^parameters\.level: /) as unknown,
  });
  expect(await post(pictures, '/invocations', { instances: [1, 2, 3, 4].map(() => base64) })).toMatchObject({
    status: 400,
    body: { detail: 'Send at most 3 instances per request (MAX_BATCH_ITEMS).' },
  });
  expect(await post(pictures, '/invocations', { images: [] })).toMatchObject({ status: 400 });
});

it('an ONNX file takes a row for each instance, or the tensors of the Open Inference Protocol', async () => {
  const predictions = [
    [2, 4],
    [6, 8],
  ];
  expect(
    (
      await post(tensors, '/invocations', {
        instances: [
          [1, 2],
          [3, 4],
        ],
      })
    ).body,
  ).toEqual({ predictions });
  expect((await post(tensors, '/v1/models/net:predict', { instances: [{ x: [1, 2] }] })).body).toEqual({
    predictions: [[2, 4]],
  });
  const asCurlSends = { 'content-type': 'application/x-www-form-urlencoded' };
  const rows = Buffer.from('{"instances":[[1,2]]}');
  expect((await read(await send(`${tensors}/v1/models/net:predict`, rows, asCurlSends))).body).toEqual({
    predictions: [[2, 4]],
  });
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }];
  expect((await post(tensors, '/invocations', { inputs })).body).toMatchObject({
    outputs: [{ name: 'y', data: [2, 4] }],
  });
});

it.each([
  [[[1, 2], [3]], 'its shape has 4 elements, but 3 were sent.'],
  [[[1, 2, 3]], 'Input "x" is FP32[1,3]; the model expects FP32[-1,2].'],
  [[{ z: [1, 2] }], 'The model has no input "z".'],
  [[{}], 'instances.0: input "x" is missing.'],
  [[], 'instances is not a list of one or more.'],
])('the rows %j do not fit the file', async (instances, message) => {
  const error = expect.stringContaining(message) as unknown;
  expect(await post(tensors, '/', { instances })).toMatchObject({ status: 400, body: { error } });
});

it('SageMaker sends binary tensors with the length of their JSON in the content type, and gets them so', async () => {
  const bytes = Buffer.from(Float32Array.of(1, 2).buffer);
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }],
      parameters: { binary_data_output: true },
    }),
  );
  const type = 'application/vnd.sagemaker-triton.binary+json;json-header-size=';
  const sendAs = async (payload: Buffer, contentType: string) => {
    const response = await send(`${tensors}/invocations`, payload, { 'content-type': contentType });
    return { type: response.headers.get('content-type') ?? '', bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const answer = await sendAs(Buffer.concat([head, bytes]), `${type}${head.length}`);
  const length = Number(answer.type.replace(type, ''));
  expect(answer.bytes.subarray(length)).toEqual(Buffer.from(Float32Array.of(2, 4).buffer));
  // Without JSON all of it is the one input.
  const raw = await sendAs(bytes, 'application/octet-stream');
  expect(raw.bytes.subarray(-8)).toEqual(Buffer.from(Float32Array.of(2, 4).buffer));
});

it('a platform learns whether the server is ready, without a body when it is', async () => {
  for (const path of ['/ping', '/isready'])
    expect(await get(`${pictures}${path}`)).toMatchObject({ status: 200, body: undefined });
  const loading = await serverFor([task(look, echo, false)]);
  const detail = 'Model look is not ready: it loads.';
  expect(await get(`${loading}/ping`)).toMatchObject({ status: 503, body: { detail } });
  expect((await get(`${loading}/v1/models/look`)).body).toEqual({ name: 'look', ready: false });
  expect((await get(`${words}/v1/models/say`)).body).toEqual({ name: 'say', ready: true });
});

it('with several models, routes that name none say how to serve one', async () => {
  const several = await serverFor([task(look), task(say)], [file('net')]);
  const detail = expect.stringMatching(/several: net, look, say\. Set MODEL_NAME to one task; or /) as unknown;
  expect(await post(several, '/invocations', {})).toMatchObject({ status: 404, body: { detail } });
  expect(await post(several, '/v1/models/say:predict', { instances: [{ word: 'a' }] })).toMatchObject({ status: 200 });
});

it('a path of Vertex AI that is taken already is left as it is', async () => {
  const same = await serverFor([task(look)], [], { health: '/ready', predict: '/invocations' });
  expect((await post(same, '/invocations', { instances: [base64] })).body).toEqual({ predictions: [picture] });
  const taken = await serverFor([task(look)], [], { health: '/health', predict: '/look' });
  expect((await post(taken, '/look', { instances: [base64] })).status).toBe(422);
});

it('Vertex AI may use the paths of TensorFlow Serving, which KServe has too', async () => {
  const routes = { health: '/v1/models/look', predict: '/v1/models/look:predict' };
  const app = await serverFor([task(look)], [], routes);
  expect(await get(`${app}${routes.health}`)).toMatchObject({ status: 200, body: { ready: true } });
  expect((await post(app, routes.predict, { instances: [base64] })).body).toEqual({ predictions: [picture] });
});

it('a key is needed wherever inputs are taken, also where the health route has the same path', async () => {
  const both = await serverFor([task(look)], [], { health: '/predict', predict: '/predict' }, ['secret']);
  const ofTask = await serverFor([task(look)], [], { health: '/look' }, ['secret']);
  for (const path of [`${both}/predict`, `${ofTask}/look`]) {
    expect((await get(path)).status).toBe(200);
    expect((await send(path, png, { 'content-type': 'image/png' })).status).toBe(401);
  }
  // The home page at the same path needs none.
  expect((await get(`${both}/`)).status).toBe(404);
  expect((await send(`${both}/`, png, { 'content-type': 'image/png' })).status).toBe(401);
});
