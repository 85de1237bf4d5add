import { transformer } from '@portico/api';
import { expect, test } from 'vitest';
import { startStubServer } from '../test/stub-server.ts';
import { createPortico } from './create-portico.ts';

test('the tRPC client sends bytes as base64', async () => {
  await using server = await startStubServer({ body: { result: { data: transformer.serialize({ text: '' }) } } });
  const data = new Uint8Array([0, 127, 255]);
  await createPortico({ url: server.url }).trpc.ocr.infer.mutate({ file: { data } });
  const sent = JSON.parse(String(server.requests[0]?.body)) as { json: { file: { data: unknown } } };
  expect(sent.json.file.data).toBe('AH//');
  expect(transformer.deserialize(sent as never)).toEqual({ file: { data } });
});

test('each query is a request of its own', async () => {
  const gpu = { available: false, reason: 'No NVML', gpus: [] };
  await using server = await startStubServer({ body: { result: { data: transformer.serialize(gpu) } } });
  const { trpc } = createPortico({ url: server.url, timeoutMs: 3000 });
  await Promise.all([trpc.status.gpu.query(), trpc.models.list.query()]);
  const paths = new Set(server.requests.map(({ path }) => path.split('?')[0]));
  expect(paths).toEqual(new Set(['/trpc/models.list', '/trpc/status.gpu']));
  expect(server.requests[0]?.headers['x-timeout-seconds']).toBe('3');
});
