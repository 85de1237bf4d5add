import { expect, test } from 'vitest';
import { formOf, startStubServer } from '../test/stub-server.ts';
import { createPortico } from './create-portico.ts';

const result = { width: 4, height: 2, text: 'Hi', lines: [] };
const bytes = new Uint8Array([1, 2, 3]);

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

test('headers are sent with every request, asked for each time when they are a function', async () => {
  await using server = await startStubServer({ body: result });
  let count = 0;
  const portico = createPortico({
    url: server.url,
    headers: async () => ({ authorization: `Bearer ${(count += 1)}` }),
  });
  await portico.ocr(bytes);
  await portico.ocr(bytes);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
});

test('what the headers function throws reaches the caller as it is', async () => {
  await using server = await startStubServer({ body: result });
  const denied = new Error('No token.');
  const portico = createPortico({ url: server.url, headers: () => Promise.reject(denied) });
  await expect(portico.ocr(bytes)).rejects.toBe(denied);
  expect(server.requests).toHaveLength(0);
});

test('a deadline is told to the server in decimal seconds, and a call may set its own', async () => {
  await using server = await startStubServer({ body: result });
  const portico = createPortico({ url: server.url, timeoutMs: 2500 });
  await portico.ocr(bytes);
  await portico.ocr(bytes, {}, { timeoutMs: 250 });
  await createPortico({ url: server.url }).ocr(bytes);
  expect(server.requests.map(({ headers }) => headers['x-timeout-seconds'])).toEqual(['2.5', '0.25', undefined]);
});

test('requests go through the fetch that is given', async () => {
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

test.each([
  ['a path', 'photo.jpg', /a string: read the file or fetch the URL first/],
  ['nothing', undefined, /type Undefined/],
  ['numbers', [1, 2, 3], /type Array/],
  ['floats', new Float32Array(3), /type Float32Array/],
  ['an object around text', { data: 'aGk=' }, /an object whose data is of type String/],
  ['a media type that is no text', { data: bytes, mediaType: 7 }, /The mediaType of a file is text/],
])('%s is no file and is refused before anything is sent', async (_name, input, message) => {
  await using server = await startStubServer({ body: result });
  const call = createPortico({ url: server.url }).ocr(input as never);
  await expect(call).rejects.toThrow(TypeError);
  await expect(call).rejects.toThrow(message);
  expect(server.requests).toHaveLength(0);
});

test('a client without a url says so', () => {
  expect(() => createPortico({} as never)).toThrow('createPortico needs the url of a server.');
});

test('a client can be returned from an async function: it is no promise', async () => {
  const portico = await Promise.resolve(createPortico({ url: 'http://portico.invalid' }));
  expect(Object.keys(portico)).toEqual(['ocr', 'faces', 'segment', 'vad', 'embed', 'ready', 'trpc']);
});
