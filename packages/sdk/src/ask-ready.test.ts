import { expect, test } from 'vitest';
import { startStubServer } from '../test/stub-server.ts';
import { createPortico } from './create-portico.ts';

const models = [{ name: 'ocr', variant: 'mobile', device: 'cpu', replicas: { ready: 1, target: 1 } }];

test('a ready server answers with its models', async () => {
  await using server = await startStubServer({ body: { status: 'ready', models } });
  await expect(createPortico({ url: server.url }).ready()).resolves.toEqual({ status: 'ready', models });
  expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/ready' });
});

test('a server that is not ready answers why: its 503 is no error', async () => {
  const body = { status: 'not ready', detail: 'ocr is loading', models };
  await using server = await startStubServer({ status: 503, body });
  await expect(createPortico({ url: server.url }).ready()).resolves.toEqual(body);
});

test("a balancer's 503 is an error", async () => {
  await using server = await startStubServer({ status: 503, body: '<h1>No backend</h1>' });
  await expect(createPortico({ url: server.url }).ready()).rejects.toMatchObject({ code: 'NOT_READY', status: 503 });
});

test('JSON of another server is an error', async () => {
  await using server = await startStubServer({ body: { status: 'UP' } });
  await expect(createPortico({ url: server.url }).ready()).rejects.toMatchObject({ code: 'NETWORK', status: 200 });
});
