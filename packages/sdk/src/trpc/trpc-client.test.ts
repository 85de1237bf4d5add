import { getEventListeners } from 'node:events';
import { transformer } from '@portico/api';
import { Failure } from '@portico/schemas';
import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
import { startRouterServer } from '../../test/router-server.ts';
import { type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';

const problem = { status: 503, code: 'OVERLOADED', detail: 'The queue is full.', requestId: 'request-1' };
const shape = transformer.serialize({
  code: -32_000,
  message: problem.detail,
  data: { code: 'SERVICE_UNAVAILABLE', httpStatus: problem.status, problem },
});
const refused: StubResponse = { status: 503, headers: { 'retry-after': '2' }, body: { error: shape } };

const clientOf = (url: string) => createPortico({ url, retry: false });

test('an error of the typed client is one of tRPC whose cause is the PorticoError', async () => {
  await using server = await startStubServer(refused);
  const error: unknown = await clientOf(server.url)
    .trpc.models.list.query()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error).toMatchObject({
    message: 'The queue is full.',
    data: { problem },
    cause: {
      name: 'PorticoError',
      code: 'OVERLOADED',
      status: 503,
      message: 'The queue is full.',
      requestId: 'request-1',
      retryAfterSeconds: 2,
      retryable: true,
    },
  });
});

test("the server's problem is the same error as over REST", async () => {
  await using server = await startStubServer(refused);
  await expect(clientOf(server.url).gpu()).rejects.toMatchObject({
    name: 'PorticoError',
    code: 'OVERLOADED',
    status: 503,
    requestId: 'request-1',
    retryAfterSeconds: 2,
  });
});

test("a proxy's page is the same error as over REST", async () => {
  await using server = await startStubServer({ status: 502, body: '<h1>Bad gateway</h1>' });
  await expect(clientOf(server.url).gpu()).rejects.toMatchObject({ code: 'NETWORK', status: 502, retryable: true });
});

test('a server that cannot be reached is a network error that says why', async () => {
  const server = await startStubServer(undefined);
  await server[Symbol.asyncDispose]();
  const refusal = { code: 'NETWORK', message: expect.stringContaining('ECONNREFUSED') };
  await expect(clientOf(server.url).gpu()).rejects.toMatchObject(refusal);
});

test('an abort and a timeout are different errors', async () => {
  await using server = await startStubServer(undefined);
  const controller = new AbortController();
  const aborted = clientOf(server.url).gpu({ signal: controller.signal });
  const timedOut = clientOf(server.url).gpu({ timeoutMs: 20 });
  setTimeout(() => controller.abort(), 20);
  await expect(aborted).rejects.toMatchObject({ name: 'PorticoError', code: 'ABORTED' });
  await expect(timedOut).rejects.toMatchObject({ name: 'PorticoError', code: 'TIMEOUT' });
});

test('calls that are made together share a request, and each has its own result or error', async () => {
  await using server = await startRouterServer({
    gpu: () => ({ available: false, reason: 'None.', gpus: [] }),
    ready: () => {
      throw new Failure('OVERLOADED', 'The queue is full.', { retryAfterSeconds: 7 });
    },
    models: () => ({ models: [] }),
  });
  const portico = clientOf(server.url);
  const [gpu, ready, models] = await Promise.allSettled([
    portico.gpu(),
    portico.ready(),
    portico.trpc.models.list.query(),
  ]);
  expect(server.paths).toEqual(['/trpc/status.gpu,status.ready,models.list']);
  expect(gpu).toMatchObject({ value: { reason: 'None.' } });
  expect(ready).toMatchObject({
    reason: { name: 'PorticoError', code: 'OVERLOADED', status: 503, retryAfterSeconds: 7, requestId: 'request-1' },
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
  const { trpc } = clientOf(server.url);
  const first = trpc.embed.infer.mutate({ input: { texts: ['a'] } });
  const second = trpc.embed.infer.mutate({ input: { texts: ['b'] } });
  expect(await second).toEqual({ embeddings: [] });
  finish({ embeddings: [[1]] });
  expect(await first).toEqual({ embeddings: [[1]] });
  expect(server.paths).toEqual(['/trpc/embed.infer,embed.infer']);
});

test('bytes travel as base64', async () => {
  await using server = await startStubServer({ body: { result: { data: transformer.serialize({ text: '' }) } } });
  const data = new Uint8Array([0, 127, 255]);
  await clientOf(server.url).trpc.ocr.infer.mutate({ file: { data } });
  const sent = JSON.parse(String(server.requests[0]?.body)) as { json: { file: { data: unknown } } };
  expect(sent.json.file.data).toBe('AH//');
  expect(transformer.deserialize(sent as never)).toEqual({ file: { data } });
});

test('calls that do not end together are sent separately', async () => {
  await using server = await startStubServer(undefined);
  const portico = clientOf(server.url);
  const controllers = [new AbortController(), new AbortController()];
  const calls = [
    portico.gpu({ timeoutMs: 5_000 }),
    portico.gpu({ timeoutMs: 6_000 }),
    ...controllers.map(({ signal }) => portico.gpu({ signal })),
  ].map((call) => call.catch((error: { code: string }) => error.code));
  await expect.poll(() => server.requests.length).toBe(4);
  for (const controller of controllers) controller.abort();
  expect(await Promise.all(calls.slice(2))).toEqual(['ABORTED', 'ABORTED']);
});

test('no more calls share a request than the server accepts', async () => {
  await using server = await startStubServer(undefined);
  const portico = clientOf(server.url);
  const { signal } = new AbortController();
  for (let count = 0; count < 20; count += 1) portico.gpu({ signal }).catch(() => {});
  await expect.poll(() => server.requests.length).toBe(2);
  const counts = server.requests.map(({ path }) => path.replace(/\?.*/, '').split(',').length);
  expect(counts.sort((a, b) => a - b)).toEqual([4, 16]);
});

test('inputs that are too long together are sent separately', async () => {
  await using server = await startRouterServer({ infer: async () => ({ embeddings: [] }) });
  const { trpc } = clientOf(server.url);
  const texts = Array.from({ length: 25 }, () => 'a'.repeat(8_000));
  await Promise.all([1, 2, 3].map(() => trpc.embed.infer.mutate({ input: { texts } })));
  expect(server.paths.toSorted()).toEqual(['/trpc/embed.infer', '/trpc/embed.infer,embed.infer']);
});

test("a problem outside tRPC's format is the same error as over REST", async () => {
  await using server = await startStubServer({
    status: 503,
    headers: { 'retry-after': '3' },
    body: { ...problem, title: 'Full' },
  });
  const portico = clientOf(server.url);
  const refusal = { code: 'OVERLOADED', status: 503, requestId: 'request-1', retryAfterSeconds: 3, retryable: true };
  await expect(portico.gpu()).rejects.toMatchObject(refusal);
  await expect(portico.vad.stream(new Uint8Array(1)).next()).rejects.toMatchObject(refusal);
});

test('a page in place of a stream is an error', async () => {
  await using server = await startStubServer({ body: '<h1>Log in</h1>' });
  const stream = clientOf(server.url).vad.stream(new Uint8Array(1));
  await expect(stream.next()).rejects.toMatchObject({ code: 'NETWORK', status: 200, retryable: false });
});

test("the typed client keeps the client's timeout", async () => {
  await using server = await startStubServer(undefined);
  const { trpc } = createPortico({ url: server.url, timeoutMs: 20 });
  await expect(trpc.models.list.query()).rejects.toMatchObject({ cause: { code: 'TIMEOUT', retryable: false } });
  await server.abandoned;
});

test('a call of the typed client can be aborted', async () => {
  await using server = await startStubServer(undefined);
  const controller = new AbortController();
  const call = clientOf(server.url).trpc.models.list.query(undefined, { signal: controller.signal });
  setTimeout(() => controller.abort('enough'), 20);
  await expect(call).rejects.toMatchObject({ cause: { code: 'ABORTED', cause: 'enough', retryable: false } });
  const late = clientOf(server.url).trpc.models.list.query(undefined, { signal: controller.signal });
  await expect(late).rejects.toMatchObject({ cause: { code: 'ABORTED' } });
  expect(server.requests).toHaveLength(1);
});

test('what the headers function throws is what the call rejects with', async () => {
  await using server = await startStubServer(refused);
  const denied = new Error('No token.');
  const portico = createPortico({ url: server.url, headers: () => Promise.reject(denied) });
  await expect(portico.gpu()).rejects.toBe(denied);
  await expect(Promise.all([portico.gpu(), portico.ready()])).rejects.toBe(denied);
  await expect(portico.trpc.models.list.query()).rejects.toMatchObject({ cause: denied });
  expect(server.requests).toHaveLength(0);
});

test('calls that have ended leave no listeners on a signal that they shared', async () => {
  await using server = await startRouterServer({ gpu: () => ({ available: false, reason: 'None.', gpus: [] }) });
  const { trpc } = clientOf(server.url);
  const { signal } = new AbortController();
  await trpc.status.gpu.query(undefined, { signal });
  await Promise.all([1, 2].map(() => trpc.status.gpu.query(undefined, { signal })));
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(server.paths).toEqual(['/trpc/status.gpu', '/trpc/status.gpu,status.gpu']);
});

test('an aborted call of the typed client ends even if nothing else does', async () => {
  const controller = new AbortController();
  const { trpc } = createPortico({ url: 'http://127.0.0.1:9', headers: () => new Promise(() => {}) });
  const call = trpc.models.list.query(undefined, { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await expect(call).rejects.toMatchObject({ cause: { name: 'PorticoError', code: 'ABORTED' } });
});
