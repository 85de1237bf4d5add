import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { describeOverload } from './support/describe-overload.ts';
import { expectPromises } from './support/expect-promises.ts';
import { overload } from './support/overload.ts';

const replicas = 2;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr', REPLICAS: String(replicas), LOG_LEVEL: 'info' });
  await eventually(async () =>
    (await metric(server, 'portico_replicas', { state: 'ready' })) === replicas ? true : undefined,
  );
});
afterAll(() => server[Symbol.asyncDispose]());

it('a minute of ten times what OCR can do leaves no request without a response and the gateway as small as before', async () => {
  const result = await overload({
    server,
    model: 'ocr',
    request: {
      path: '/ocr',
      headers: { 'content-type': 'image/jpeg' },
      body: await readFile(new URL('../../../../samples/page.jpg', import.meta.url)),
    },
    isRight: (body) => body.includes('A model is a function with opinions'),
    clients: 8,
    capacitySeconds: 15,
    overloadSeconds: 60,
    // Some runs, however slow the machine: what takes longer than the deadline cannot be answered at all.
    deadlineSeconds: (capacityPerSecond) => Math.max(4, Math.ceil((5 * replicas) / capacityPerSecond)),
  });
  process.stderr.write(describeOverload('ocr', result));
  expectPromises(result, { goodput: 0.6, timedOut: 0.15 });
  expect(await server.engines()).toHaveLength(replicas);
});
