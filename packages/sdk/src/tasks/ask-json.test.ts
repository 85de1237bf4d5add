import { transformer } from '@portico/api';
import { expect, test } from 'vitest';
import { type StubAnswer, startStubServer } from '../test/stub-server.ts';
import { connect } from './connection.ts';
import type { CallOptions } from './options.ts';
import { taskMethods } from './task-methods.ts';
import { trpcClient } from './trpc.ts';

const answered = (value: unknown): StubAnswer => ({ body: { result: { data: transformer.serialize(value) } } });

const refused = (problem: { status: number; code: string; detail: string }): StubAnswer => ({
  status: problem.status,
  headers: { 'retry-after': '2' },
  body: {
    error: transformer.serialize({
      code: -32_000,
      message: problem.detail,
      data: {
        code: 'SERVICE_UNAVAILABLE',
        httpStatus: problem.status,
        problem: { ...problem, requestId: 'request-1' },
      },
    }),
  },
});

/** A client of a server that has one JSON task, `embed`. */
function embedder(url: string): (input: unknown, params?: object, options?: CallOptions) => Promise<unknown> {
  const connection = connect({ url, headers: { authorization: 'Bearer key' } });
  const { embed } = taskMethods({ ...connection, trpc: trpcClient(connection) }, { embed: 'json' });
  if (embed === undefined) throw new Error('No method for the task.');
  return embed;
}

test('a JSON task is asked over tRPC', async () => {
  await using server = await startStubServer(answered({ vector: [1, 2] }));
  const embed = embedder(server.url);
  await expect(embed(['a text'], { normalize: true }, { timeoutMs: 1500 })).resolves.toEqual({ vector: [1, 2] });
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/trpc/embed.infer',
    headers: { authorization: 'Bearer key', 'x-timeout-seconds': '1.5' },
  });
  const input = transformer.deserialize(JSON.parse(String(request?.body)));
  expect(input).toEqual({ input: ['a text'], params: { normalize: true } });
});

test("the server's problem becomes the same error as over REST", async () => {
  await using server = await startStubServer(
    refused({ status: 503, code: 'OVERLOADED', detail: 'The queue is full.' }),
  );
  await expect(embedder(server.url)('a text')).rejects.toMatchObject({
    name: 'PorticoError',
    code: 'OVERLOADED',
    status: 503,
    message: 'The queue is full.',
    requestId: 'request-1',
    retryAfterSeconds: 2,
    retryable: true,
  });
});

test("a proxy's page becomes the same error as over REST", async () => {
  await using server = await startStubServer({ status: 502, body: '<h1>Bad gateway</h1>' });
  await expect(embedder(server.url)('a text')).rejects.toMatchObject({ code: 'NETWORK', status: 502, retryable: true });
});

test('a server that cannot be reached is a network error that says why', async () => {
  const server = await startStubServer(undefined);
  await server[Symbol.asyncDispose]();
  await expect(embedder(server.url)('a text')).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('aborting and running out of time are told apart', async () => {
  await using server = await startStubServer(undefined);
  const embed = embedder(server.url);
  const controller = new AbortController();
  const aborted = embed('a text', {}, { signal: controller.signal });
  const timedOut = embed('a text', {}, { timeoutMs: 20 });
  setTimeout(() => controller.abort(), 20);
  await expect(aborted).rejects.toMatchObject({ name: 'PorticoError', code: 'ABORTED' });
  await expect(timedOut).rejects.toMatchObject({ name: 'PorticoError', code: 'TIMEOUT' });
});

test('a file is refused before anything is sent', async () => {
  await using server = await startStubServer(answered({}));
  await expect(embedder(server.url)(new Uint8Array(1))).rejects.toThrow(
    'embed takes a JSON value, but this is a file.',
  );
  expect(server.requests).toHaveLength(0);
});
