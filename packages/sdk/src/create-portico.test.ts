import { transformer } from '@portico/api';
import { expect, test } from 'vitest';
import { formOf, type StubResponse, startStubServer } from '../test/stub-server.ts';
import { createPortico } from './create-portico.ts';

const result = { width: 4, height: 2, angle: 0, text: 'Hi', lines: [] };
const bytes = new Uint8Array([1, 2, 3]);

const resultOf = (value: unknown): StubResponse => ({ body: { result: { data: transformer.serialize(value) } } });

test('a file task posts the file and its parameters as a form', async () => {
  await using server = await startStubServer({ body: result });
  const portico = createPortico({ url: server.url });
  await expect(portico.ocr(bytes, { minConfidence: 0.25, maxSideLength: 640 })).resolves.toEqual(result);
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/ocr' });
  const form = await formOf(request);
  expect([...form.keys()]).toEqual(['minConfidence', 'maxSideLength', 'file']);
  expect(form.get('minConfidence')).toBe('0.25');
  expect(form.get('maxSideLength')).toBe('640');
  const file = form.get('file') as File;
  expect(file.name).toBe('file');
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
});

test('parameters that are left out or undefined are not sent', async () => {
  await using server = await startStubServer({ body: result });
  const portico = createPortico({ url: server.url });
  await portico.ocr(bytes);
  await portico.ocr(bytes, { minConfidence: undefined });
  for (const request of server.requests) expect([...(await formOf(request)).keys()]).toEqual(['file']);
});

test('the media type and the name of a file travel with it', async () => {
  await using server = await startStubServer({ body: result });
  await createPortico({ url: server.url }).ocr({ data: bytes, mediaType: 'image/png', name: 'receipt.png' });
  const file = (await formOf(server.requests[0])).get('file') as File;
  expect(file).toMatchObject({ type: 'image/png', name: 'receipt.png' });
});

test('a url keeps its path and loses its last slash', async () => {
  await using server = await startStubServer({ body: result });
  await createPortico({ url: new URL(`${server.url}/models/`) }).ocr(bytes);
  expect(server.requests[0]?.path).toBe('/models/ocr');
});

test('headers are sent with every request; a function is called for each', async () => {
  await using server = await startStubServer({ body: result });
  let count = 0;
  const portico = createPortico({
    url: server.url,
    headers: async () => new Headers({ authorization: `Bearer ${(count += 1)}` }),
  });
  await portico.ocr(bytes);
  await portico.ocr(bytes);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
});

test('a header that is undefined is left out', async () => {
  await using server = await startStubServer({ body: result });
  await createPortico({ url: server.url, headers: { authorization: undefined, 'x-tenant': 'a' } }).ocr(bytes);
  expect(server.requests[0]?.headers).toMatchObject({ 'x-tenant': 'a' });
  expect(server.requests[0]?.headers.authorization).toBeUndefined();
});

test('what the headers function throws is what the call rejects with', async () => {
  await using server = await startStubServer({ body: result });
  const denied = new Error('No token.');
  const portico = createPortico({ url: server.url, headers: () => Promise.reject(denied) });
  await expect(portico.ocr(bytes)).rejects.toBe(denied);
  expect(server.requests).toHaveLength(0);
});

test('a trace is continued, unless it is malformed', async () => {
  await using server = await startStubServer({ body: result });
  const portico = createPortico({ url: server.url });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await portico.ocr(bytes, {}, { traceparent });
  await portico.ocr(bytes, {}, { traceparent: 'nonsense\r\nx: y' });
  await portico.ocr(bytes, {}, { traceparent: null });
  expect(server.requests.map(({ headers }) => headers['traceparent'])).toEqual([traceparent, undefined, undefined]);
});

test('a timeout is sent in decimal seconds, and a call may set its own', async () => {
  await using server = await startStubServer({ body: result });
  const portico = createPortico({ url: server.url, timeoutMs: 2500 });
  await portico.ocr(bytes);
  await portico.ocr(bytes, {}, { timeoutMs: 250 });
  await createPortico({ url: server.url }).ocr(bytes);
  // Less what the call has taken so far.
  expect(server.requests.map(({ headers }) => headers['x-timeout-seconds'])).toEqual([
    expect.stringMatching(/^2\.[45]\d?$/),
    expect.stringMatching(/^0\.[12]\d?$/),
    undefined,
  ]);
});

test('requests go through the given fetch', async () => {
  const urls: string[] = [];
  const portico = createPortico({
    url: 'http://portico.invalid',
    fetch: async (url) => {
      urls.push(url);
      return Response.json(result);
    },
  });
  await expect(portico.ocr(bytes)).resolves.toEqual(result);
  expect(urls).toEqual(['http://portico.invalid/ocr']);
});

test.each([['a path'], [bytes], [new Blob()]])('%s alone is not a batch of letters or bytes', async (input) => {
  await using server = await startStubServer({ body: result });
  const call = createPortico({ url: server.url }).ocr.batch(input as never);
  await expect(call).rejects.toThrow(new TypeError('A batch is a list of inputs: pass [input].'));
  expect(server.requests).toHaveLength(0);
});

test('image resolves with a Blob', async () => {
  await using server = await startStubServer({ headers: { 'content-type': 'image/png' }, body: 'PNG' });
  const png = await createPortico({ url: server.url }).segment.image(bytes, { output: 'cutout' });
  expect([png.type, await png.text()]).toEqual(['image/png', 'PNG']);
  expect(server.requests[0]).toMatchObject({ path: '/segment', headers: { accept: 'image/*' } });
});

test('a response that is not a picture is an error', async () => {
  await using server = await startStubServer({ body: result });
  const call = createPortico({ url: server.url }).segment.image(bytes);
  await expect(call).rejects.toMatchObject({ code: 'NETWORK', status: 200 });
});

test.each([
  ['models', 'models.list', { models: [] }],
  ['gpu', 'status.gpu', { available: false, reason: 'none', gpus: [] }],
  ['ready', 'status.ready', { status: 'not ready', detail: 'ocr: loading.', models: [] }],
] as const)('%s goes over tRPC', async (method, path, value) => {
  await using server = await startStubServer(resultOf(value));
  await expect(createPortico({ url: server.url })[method]({ timeoutMs: 1_500 })).resolves.toEqual(value);
  expect(server.requests).toMatchObject([
    {
      method: 'GET',
      path: expect.stringMatching(`^/trpc/${path}`),
      headers: { 'x-timeout-seconds': expect.stringMatching(/^1\.[45]/) },
    },
  ]);
});

test.each([
  ['nothing', undefined, 'createPortico needs the url of a server'],
  ['an address without http', 'localhost:8000', 'must look like http://localhost:8000'],
  ['an address of another host without http', '//localhost:8000', 'must look like http://localhost:8000'],
  ['a user', 'http://me@localhost', 'use headers'],
  ['a password', 'http://me:secret@localhost', 'use headers'],
  ['a query', 'http://localhost?token=secret', 'use headers'],
  ['another protocol', 'ftp://me:secret@localhost', 'not "ftp://…@localhost"'],
])('%s is not a url', (_name, url, message) => {
  expect(() => createPortico({ url: url as string })).toThrow(TypeError);
  expect(() => createPortico({ url: url as string })).toThrow(message);
});

test('a url that starts with a slash needs a page only when called: a module may be loaded on a server before it runs in a browser', async () => {
  const portico = createPortico({ url: '/models/' });
  await expect(portico.ocr(bytes)).rejects.toThrow(
    new TypeError('"/models/" is relative to a page, and there is none: use an absolute url.'),
  );
  await expect(createPortico({ url: '/' }).ready()).rejects.toThrow(TypeError);
  await expect(portico.vad.stream(bytes).next()).rejects.toThrow(TypeError);
  await expect(portico.tensors('digits').infer({ inputs: [] })).rejects.toThrow(TypeError);
});

test('invalid options are rejected when the client is created', () => {
  const wrong = [{ fetch: 3 }, { timeoutMs: -1 }, { retry: { maxRetries: -1 } }] as object[];
  for (const options of wrong) expect(() => createPortico({ url: 'http://a', ...options })).toThrow(TypeError);
});

test('a client can be returned from an async function: it is not a promise, and no name of the language is a task', async () => {
  const portico = await Promise.resolve(createPortico({ url: 'http://portico.invalid' }));
  const names = portico as unknown as Record<string, unknown>;
  expect(['then', 'toJSON', 'constructor', 'status', '$$typeof'].map((name) => typeof names[name])).toEqual([
    'undefined',
    'undefined',
    'function',
    'undefined',
    'undefined',
  ]);
  expect(portico.ocr).toBe(portico.ocr);
  expect(String(names['isPrototypeOf'])).not.toMatch('native code');
});
