import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServerProcess } from '../harness/server-process.ts';
import { echo } from '../v2/support/files.ts';
import { serve } from '../v2/support/serve.ts';
import { expensiveRequests, send } from './support/expensive-requests.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = { 'floats.onnx': echo('float32'), 'texts.onnx': echo('string') };
  server = await serve(files, { MODEL_NAME: 'draw,rows,compare', LOG_LEVEL: 'info' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

it('Whatever is expensive to look at is refused or answered, and never a defect', async () => {
  const wrong: string[] = [];
  for (const request of expensiveRequests(1, 40_000)) {
    const status = await send(server.url, request);
    if (!request.statuses.includes(status)) wrong.push(`${request.name}: ${status}`);
  }
  expect(wrong).toEqual([]);
});
