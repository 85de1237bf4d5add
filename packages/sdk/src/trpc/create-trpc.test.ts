import { Failure } from '@portico/schemas';
import { transformer } from '@portico/api';
import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { startRouterServer } from '../../test/router-server.ts';
import { type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createTRPC } from './create-trpc.ts';
import { porticoErrorOf } from './portico-error-of.ts';

const problem = { status: 503, code: 'OVERLOADED', detail: 'The queue is full.', requestId: 'request-1' };
const shape = transformer.serialize({
  code: -32_000,
  message: problem.detail,
  data: { code: 'SERVICE_UNAVAILABLE', httpStatus: problem.status, problem },
});
const refused: StubResponse = { status: 503, headers: { 'retry-after': '2' }, body: { error: shape } };
const noGpu = { available: false, reason: 'None.', gpus: [] } as const;

/** What a call rejects with. */
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable('the call was answered'),
    (error: unknown) => error,
  );

test("a refusal is tRPC's own error with the server's problem, and the same PorticoError as over REST", async () => {
  await using server = await startStubServer(refused);
  const error = await errorOf(createTRPC({ url: server.url }).models.list.query());
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error).toMatchObject({ message: 'The queue is full.', data: { problem } });
  expect(porticoErrorOf(error)).toMatchObject({
    name: 'PorticoError',
    code: 'OVERLOADED',
    status: 503,
    message: 'The queue is full.',
    requestId: 'request-1',
    retryAfterSeconds: 2,
    retryable: true,
  });
});

test.each<[what: string, response: StubResponse, expected: object]>([
  ["a proxy's page", { status: 502, body: '<h1>Bad gateway</h1>' }, { code: 'NETWORK', status: 502, retryable: true }],
  ['a page in place of a stream', { body: '<h1>Log in</h1>' }, { code: 'NETWORK', status: 200, retryable: false }],
  [
    'a refusal from before the router',
    {
      status: 503,
      headers: { 'retry-after': '3', 'content-type': 'application/problem+json' },
      body: problem,
    },
    { code: 'OVERLOADED', status: 503, requestId: 'request-1', retryAfterSeconds: 3, retryable: true },
  ],
])('%s is the same PorticoError as over REST, the cause of the error', async (_what, response, expected) => {
  await using server = await startStubServer(response);
  const trpc = createTRPC({ url: server.url });
  const data = new Uint8Array(1);
  const calls = [
    trpc.models.list.query(),
    trpc.ocr.infer.mutate({ file: { data } }),
    trpc.vad.stream.mutate({ file: { data } }),
  ];
  for (const error of await Promise.all(calls.map(errorOf))) {
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(porticoErrorOf(error)).toMatchObject(expected);
    expect((error as TRPCClientError<never>).cause).toBe(porticoErrorOf(error));
  }
});

test('a server that cannot be reached is a network error that says why', async () => {
  const server = await startStubServer(undefined);
  await server[Symbol.asyncDispose]();
  const error = await errorOf(createTRPC({ url: server.url }).models.list.query());
  expect(porticoErrorOf(error)).toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('anything else is no PorticoError', () => {
  expect(porticoErrorOf(new Error('x'))).toBeUndefined();
  expect(porticoErrorOf(TRPCClientError.from(new Error('x')))).toBeUndefined();
  expect(porticoErrorOf(undefined)).toBeUndefined();
});

test('calls that are made together share a request, and each has its own result or error', async () => {
  await using server = await startRouterServer({
    gpu: () => ({ ...noGpu, gpus: [] }),
    ready: () => {
      throw new Failure('OVERLOADED', 'The queue is full.', { retryAfterSeconds: 7 });
    },
    models: () => ({ models: [] }),
  });
  const trpc = createTRPC({ url: server.url });
  const [gpu, ready, models] = await Promise.allSettled([
    trpc.status.gpu.query(),
    trpc.status.ready.query(),
    trpc.models.list.query(),
  ]);
  expect(server.paths).toEqual(['/trpc/status.gpu,status.ready,models.list']);
  expect(gpu).toMatchObject({ value: { reason: 'None.' } });
  expect(porticoErrorOf((ready as PromiseRejectedResult).reason)).toMatchObject({
    code: 'OVERLOADED',
    status: 503,
    retryAfterSeconds: 7,
    requestId: 'request-1',
  });
  expect(models).toMatchObject({ value: { models: [] } });
});

test('an early result does not wait for a slow one', async () => {
  let finish = (_output: object): void => {};
  const slow = new Promise<object>((resolve) => {
    finish = resolve;
  });
  let calls = 0;
  await using server = await startRouterServer({ infer: async () => ((calls += 1) === 1 ? slow : { embeddings: [] }) });
  const trpc = createTRPC({ url: server.url });
  const first = trpc.embed.infer.mutate({ input: { texts: ['a'] } });
  const second = trpc.embed.infer.mutate({ input: { texts: ['b'] } });
  expect(await second).toEqual({ embeddings: [] });
  finish({ embeddings: [[1]] });
  expect(await first).toEqual({ embeddings: [[1]] });
  expect(server.paths).toEqual(['/trpc/embed.infer,embed.infer']);
});

test('no more calls share a request than the server accepts', async () => {
  await using server = await startRouterServer({ infer: async () => ({ embeddings: [] }) });
  const trpc = createTRPC({ url: server.url });
  await Promise.all(Array.from({ length: 20 }, () => trpc.embed.infer.mutate({ input: { texts: ['a'] } })));
  expect(server.paths.map((path) => path.split(',').length)).toEqual([16, 4]);
});

test('files, tensors and streams have requests of their own', async () => {
  await using server = await startRouterServer({
    infer: async () => ({ text: '' }),
    tensors: async () => ({ model: 'a', version: '1', outputs: [] }),
    async *stream() {
      yield { start: 0, end: 1 };
      return { segments: [] };
    },
  });
  const trpc = createTRPC({ url: server.url });
  const file = { data: new Uint8Array([0, 127, 255]) };
  const read = async (): Promise<unknown> => {
    const items = [];
    for await (const item of await trpc.vad.stream.mutate({ file })) items.push(item);
    return items;
  };
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(1) }] as const;
  const results = await Promise.all([
    trpc.ocr.infer.mutate({ file }),
    trpc.ocr.infer.mutate({ file }),
    trpc.tensors.infer.mutate({ model: 'a', inputs }),
    read(),
    read(),
  ]);
  expect(results.slice(3)).toEqual([[{ start: 0, end: 1 }], [{ start: 0, end: 1 }]]);
  expect(server.paths.toSorted()).toEqual(
    ['ocr.infer', 'ocr.infer', 'tensors.infer', 'vad.stream', 'vad.stream'].map((path) => `/trpc/${path}`),
  );
});

test('bytes travel as base64', async () => {
  await using server = await startStubServer({ body: { result: { data: transformer.serialize({ text: '' }) } } });
  const data = Buffer.from([0, 127, 255]);
  await createTRPC({ url: server.url }).ocr.infer.mutate({ file: { data } });
  const sent = JSON.parse(String(server.requests[0]?.body)) as { json: { file: { data: unknown } } };
  expect(sent.json.file.data).toBe('AH//');
  expect(transformer.deserialize(sent as never)).toEqual({ file: { data: new Uint8Array(data) } });
});

test('the key, the headers and the timeout are sent with each request', async () => {
  await using server = await startStubServer(refused);
  let count = 0;
  const headers = (): Record<string, string> => ({ 'x-tenant': String((count += 1)) });
  const trpc = createTRPC({ url: server.url, apiKey: 'secret', headers, timeoutMs: 1_500 });
  await errorOf(trpc.models.list.query());
  await errorOf(trpc.ocr.infer.mutate({ file: { data: new Uint8Array(1) } }));
  await errorOf(trpc.vad.stream.mutate({ file: { data: new Uint8Array(1) } }));
  expect(server.requests.map((request) => request.headers['x-tenant'])).toEqual(['1', '2', '3']);
  for (const request of server.requests)
    expect(request.headers).toMatchObject({ 'x-api-key': 'secret', 'x-timeout-seconds': '1.5' });
});

test('what the headers function throws is the cause', async () => {
  await using server = await startStubServer(refused);
  const denied = new Error('No token.');
  const trpc = createTRPC({ url: server.url, headers: () => Promise.reject(denied) });
  await expect(trpc.models.list.query()).rejects.toMatchObject({ message: 'No token.', cause: denied });
  expect(server.requests).toHaveLength(0);
});

test('a call to a server that misses the deadline times out shortly after it', async () => {
  await using server = await startStubServer(undefined);
  const trpc = createTRPC({ url: server.url, timeoutMs: 20 });
  const calls = [trpc.models.list.query(), trpc.ocr.infer.mutate({ file: { data: new Uint8Array(1) } })];
  for (const error of await Promise.all(calls.map(errorOf))) {
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(porticoErrorOf(error)).toMatchObject({ code: 'TIMEOUT', message: 'No response within 20 ms.' });
  }
});

test('the timeout of a stream is for each item, and ends one that says nothing more', async () => {
  let resume = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    resume = resolve;
  });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));
  await using server = await startRouterServer({
    async *stream() {
      for (const start of [0, 1, 2]) {
        yield { start, end: start + 1 };
        await pause();
      }
      await stopped;
      return { segments: [] };
    },
  });
  const trpc = createTRPC({ url: server.url, timeoutMs: 20 });
  const items: unknown[] = [];
  const reading = (async () => {
    for await (const item of await trpc.vad.stream.mutate({ file: { data: new Uint8Array(1) } })) items.push(item);
  })();
  const error = await errorOf(reading);
  expect(items).toHaveLength(3);
  expect(porticoErrorOf(error)).toMatchObject({ code: 'TIMEOUT' });
  resume();
});

test('a call can be aborted, and the server knows', async () => {
  await using server = await startStubServer(undefined);
  const controller = new AbortController();
  const call = createTRPC({ url: server.url }).models.list.query(undefined, { signal: controller.signal });
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  const error = await errorOf(call);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(porticoErrorOf(error)).toBeUndefined();
  await server.abandoned;
});

test('a url that is relative to a page is refused where there is none', async () => {
  const call = createTRPC({ url: '/portico' }).models.list.query();
  await expect(call).rejects.toThrow('is relative to a page, and there is none');
});

test.each([
  [undefined, 'A client needs the url of a server'],
  [{}, 'A client needs the url of a server'],
  [{ url: 'localhost:8000' }, 'must look like http://localhost:8000'],
  [{ url: 'http://localhost:8000', timeoutMs: 0 }, 'timeoutMs must be'],
  [{ url: 'http://localhost:8000', retry: false }, 'createTRPC has no option "retry". It has url, apiKey,'],
  [{ url: 'http://localhost:8000', links: [] }, 'createTRPC has no option "links". It has url, apiKey,'],
  [{ baseUrl: 'http://localhost:8000' }, 'createTRPC has no option "baseUrl". Use url. It has'],
  [{ url: 'http://localhost:8000', fetch: 'fetch' }, 'fetch must be a function'],
])('%o is refused', (options, message) => {
  expect(() => createTRPC(options as never)).toThrow(TypeError);
  expect(() => createTRPC(options as never)).toThrow(message);
});
