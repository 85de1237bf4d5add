import { expect, test, vi } from 'vitest';
import { formOf, startStubServer } from '../test/stub-server.ts';
import { createPortico } from './create-portico.ts';
import type { PorticoOptions, ResponseInfo } from './options.ts';

const result = { width: 4, height: 2, angle: 0, text: 'Hi', lines: [] };
const bytes = new Uint8Array([1, 2, 3]);
const problem = { status: 503, code: 'OVERLOADED', detail: 'The queue is full.', requestId: 'request-1' };

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
    expect.stringMatching(/^[12]\.\d{1,3}$/),
    expect.stringMatching(/^0\.[012]\d{0,2}$/),
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
  ['models', 200, { models: [] }],
  ['gpu', 200, { available: false, reason: 'none', gpus: [] }],
  ['ready', 200, { status: 'ready', models: [] }],
  ['ready', 503, { status: 'not ready', detail: 'ocr: loading.', models: [] }],
] as const)('%s is a request for JSON, also with status %i', async (method, status, value) => {
  await using server = await startStubServer({ status, body: value });
  await expect(createPortico({ url: server.url })[method]({ timeoutMs: 1_500 })).resolves.toEqual(value);
  expect(server.requests).toMatchObject([
    {
      method: 'GET',
      path: `/${method}`,
      headers: { accept: 'application/json', 'x-timeout-seconds': expect.stringMatching(/^[01]\.\d/) },
    },
  ]);
});

test.each([
  ['nothing', undefined, 'A client needs the url of a server'],
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

test('a client is an ordinary object: it has its tasks and the methods of the server, each to be seen, spied on and replaced', async () => {
  const portico = await Promise.resolve(createPortico({ url: 'http://portico.invalid' }));
  const server = ['ready', 'models', 'gpu', 'tensors'];
  expect(Object.keys(portico)).toEqual([...server, 'ocr', 'faces', 'segment', 'vad', 'embed']);
  expect(Object.getPrototypeOf(portico)).toBe(Object.prototype);
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(portico));
  for (const descriptor of descriptors)
    expect(descriptor).toMatchObject({ writable: true, enumerable: true, configurable: true });
  expect(Object.keys(portico.ocr)).toEqual(['batch', 'blob', 'image', 'stream']);
  expect(portico.ocr.name).toBe('ocr');
  expect(JSON.stringify(portico)).toBe('{}');
  expect('then' in portico).toBe(false);
});

test('the api key is sent with every request, unless a header says another', async () => {
  await using server = await startStubServer({ body: { models: [] } });
  await createPortico({ url: server.url, apiKey: 'secret' }).models();
  await createPortico({ url: server.url, apiKey: 'secret', headers: { 'X-Api-Key': 'another' } }).models();
  await createPortico({ url: server.url, apiKey: '' }).models();
  await createPortico({ url: server.url, apiKey: 'secret\n' }).models();
  expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
    'secret',
    'another',
    undefined,
    'secret',
  ]);
});

test('the listeners of a client hear of every call, then those of the call', async () => {
  await using server = await startStubServer({ status: 503, body: { ...problem }, headers: { 'x-warnings': 'a, b' } });
  const heard: unknown[] = [];
  const listeners = (who: string) => ({
    onRetry: ({ retry }: { retry: number }) => heard.push(`${who} retry ${retry}`),
    onResponse: ({ status, warnings }: ResponseInfo) => heard.push(`${who} ${status} ${warnings.join()}`),
  });
  const retry = { maxRetries: 1, initialDelayMs: 1 };
  const portico = createPortico({ url: server.url, retry, ...listeners('client') });
  await expect(portico.gpu(listeners('call'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  const response = ['client 503 a,b', 'call 503 a,b'];
  expect(heard).toEqual([...response, 'client retry 1', 'call retry 1', ...response]);
});

test.each([
  [{ baseUrl: 'http://a' }, /no option "baseUrl"\. Use url\. It has url, tasks, apiKey, headers/],
  [{ url: 'http://a', token: 'secret' }, /no option "token"\. Use apiKey, or headers/],
  [{ url: 'http://a', timeout: 3 }, /no option "timeout"\. Use timeoutMs, in milliseconds/],
  [{ url: 'http://a', retry: { onRetry: () => {} } }, /onRetry is an option beside retry/],
  [{ url: 'http://a', apiKey: 3 }, /apiKey must be text/],
  // Nor does the message have the key in it.
  [{ url: 'http://a', apiKey: 'secret\r\nx: y' }, /^The header x-api-key has a character that no header can have\.$/],
  [{ url: 'http://a', apiKey: 'secret…' }, /^The header x-api-key has a character that no header can have\.$/],
  [{ url: 'http://a', onResponse: 'log' }, /onResponse must be a function/],
  [undefined, /needs the url of a server: \{ url: 'http:/],
  ['http://a', /needs the url of a server: \{ url: 'http:/],
])('the mistake %j is a TypeError that says what there is', (options, message) => {
  const create = (): unknown => createPortico(options as unknown as PorticoOptions);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(message);
});

test('an unknown option of a call is a TypeError that says what there is', async () => {
  const call = createPortico({ url: 'http://portico.invalid' }).ready({ queryKey: [] } as object);
  await expect(call).rejects.toThrow(TypeError);
  await expect(call).rejects.toThrow('A call has no option "queryKey". It has signal, timeoutMs, retry,');
});

test.each([
  ['a colon', { 'a:b': 'c' }, /"a:b" is no name of a header/],
  ['a line end', { authorization: 'Bearer a\nb' }, /authorization has a character that no header can have/],
])('%s in a header is a TypeError', async (_name, headers, message) => {
  await expect(createPortico({ url: 'http://portico.invalid', headers }).ready()).rejects.toThrow(message);
});

test('without a fetch, a call says what is missing', async () => {
  vi.stubGlobal('fetch', undefined);
  await expect(createPortico({ url: 'http://portico.invalid' }).ready()).rejects.toThrow(
    new TypeError('There is no fetch here: give one, createPortico({ url, fetch }).'),
  );
  vi.unstubAllGlobals();
});
