import { expect, test } from 'vitest';
import { startStubServer, type StubResponse } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import { writeValue } from '../trpc/values.ts';

const resultOf = (value: unknown): StubResponse => ({ body: { result: { data: writeValue(value) } } });
const models = resultOf({ models: [{ kind: 'task', name: 'embed', accepts: ['application/json'] }] });
const embedded = resultOf({ dimensions: 1, embeddings: [[1]] });

test('if a call times out before the models are known, the next call requests them again', async () => {
  let requests = 0;
  await using server = await startStubServer(({ path }) => {
    if (!path.startsWith('/trpc/models.list')) return embedded;
    return (requests += 1) === 1 ? undefined : models;
  });
  const portico = createPortico({ url: server.url });
  const { signal } = new AbortController();
  await expect(portico.embed({ texts: ['a'] }, {}, { timeoutMs: 20, signal })).rejects.toMatchObject({
    code: 'TIMEOUT',
  });
  await server.abandoned;
  await expect(portico.embed({ texts: ['a'] }, {}, { timeoutMs: 1_000 })).resolves.toMatchObject({ dimensions: 1 });
});

test('the request for the models is retried like the call itself', async () => {
  let requests = 0;
  await using server = await startStubServer(({ path }) => {
    if (!path.startsWith('/trpc/models.list')) return embedded;
    return (requests += 1) < 3 ? { status: 502, body: '<h1>Bad gateway</h1>' } : models;
  });
  const portico = createPortico({ url: server.url, retry: { initialDelayMs: 1 } });
  await expect(portico.embed({ texts: ['a'] })).resolves.toMatchObject({ dimensions: 1 });
  expect(requests).toBe(3);
});

test('calls that are made together request the models together', async () => {
  await using server = await startStubServer(undefined);
  const portico = createPortico({ url: server.url });
  const { signal } = new AbortController();
  for (const text of ['a', 'b', 'c']) portico.embed({ texts: [text] }, {}, { signal }).catch(() => {});
  await expect.poll(() => server.requests.length).toBe(1);
  expect(server.requests[0]?.path).toMatch(/^\/trpc\/models\.list,models\.list,models\.list/);
});
