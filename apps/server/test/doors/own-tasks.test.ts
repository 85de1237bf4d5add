import { transformer } from '@portico/api';
import { createTRPCClient, getUntypedClient, httpBatchStreamLink } from '@trpc/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'count,draw' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A client that calls procedures by their path: these tasks are not part of the published router. */
const client = () =>
  getUntypedClient(createTRPCClient({ links: [httpBatchStreamLink({ url: `${server.url}/trpc`, transformer })] }));

test('a task that only this server has is a procedure like the others', async () => {
  await expect(client().mutation('count.infer', { input: { to: 2 }, params: {} })).resolves.toMatchObject({ count: 2 });
  const one = client();
  const together = [1, 2].map((to) => one.mutation('count.infer', { input: { to }, params: {} }));
  await expect(Promise.all(together)).resolves.toMatchObject([{ count: 1 }, { count: 2 }]);
  const file = { data: new Uint8Array([0x89]), mediaType: 'image/png' };
  await expect(client().mutation('draw.infer', { file, params: { side: 3 } })).resolves.toMatchObject({ side: 3 });
});

test('a task that only this server has streams its items over tRPC too', async () => {
  const items = (await client().mutation('count.stream', { input: { to: 2 }, params: {} })) as AsyncIterable<unknown>;
  const numbers = [];
  for await (const item of items) numbers.push(item);
  expect(numbers).toEqual([{ number: 1 }, { number: 2 }]);
});

test('what a task of its own takes is checked', async () => {
  const call = client().mutation('count.infer', { input: { to: 'two' }, params: {} });
  await expect(call).rejects.toMatchObject({ data: { problem: { code: 'INVALID_PARAMETERS', status: 422 } } });
});

test('a task that is known and not served is no procedure that is missing', async () => {
  const call = client().mutation('ocr.infer', { file: { data: new Uint8Array(1) }, params: {} });
  await expect(call).rejects.toThrow('This server does not serve model ocr.');
});

test('a model that is not ready turns away its own calls, and not those of others in the same request', async () => {
  await using starting = await startServer({ MODEL_NAME: 'count,loading:waits' });
  await starting.logged(({ msg }) => msg === 'count: a replica is ready');
  const url = `${starting.url}/trpc`;
  const one = getUntypedClient(createTRPCClient({ links: [httpBatchStreamLink({ url, transformer })] }));
  const [refused, answered] = await Promise.allSettled([
    one.mutation('loading.infer', { input: { value: 1 } }),
    one.mutation('count.infer', { input: { to: 2 } }),
  ]);
  expect(refused).toMatchObject({ reason: { data: { problem: { code: 'NOT_READY', retryAfterSeconds: 2 } } } });
  expect(answered).toMatchObject({ value: { count: 2 } });
});
