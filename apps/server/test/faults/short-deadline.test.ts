import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'crash' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

it('a deadline that a healthy model cannot meet costs the client its output and the replica nothing', async () => {
  const [before] = await server.engines();
  for (let turn = 0; turn < 3; turn++) {
    const reply = await ask(server, 'crash', { how: 'answer', milliseconds: 400 }, { timeoutSeconds: 0.2 });
    expect([reply.status, reply.body['code']]).toEqual([504, 'TIMEOUT']);
    // Behind the run that goes on, the next would be refused.
    await eventually(async () =>
      (await metric(server, 'portico_in_flight', { model: 'crash' })) === 0 ? true : undefined,
    );
  }
  const { status, body } = await ask(server, 'crash', { how: 'answer' });
  expect([status, body['pid']]).toEqual([200, before]);
  expect(await metric(server, 'portico_replica_restarts_total')).toBe(0);
});
