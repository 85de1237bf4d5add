import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { traffic } from '../harness/traffic.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'crash,dense', REPLICA_MEMORY_MB: '600' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const restarts = (reason: string) => metric(server, 'portico_replica_restarts_total', { model: 'crash', reason });

it('an engine that leaks is replaced between two answers, over and over', async () => {
  const engines = new Set<unknown>();
  for (let turn = 0; turn < 20; turn++) {
    const { status, body } = await ask(server, 'crash', { how: 'leak', milliseconds: 20 });
    expect(status).toBe(200);
    engines.add(body['pid']);
  }
  expect(engines.size).toBeGreaterThan(1);
  expect(await restarts('memory-soft')).toBeGreaterThan(0);
  expect(await restarts('memory-hard')).toBe(0);
});

it('one that takes all it can is ended at once, and no other model notices', async () => {
  await using others = traffic(server, 'dense', { value: 1 });
  const { status, body, headers, milliseconds } = await ask(server, 'crash', { how: 'hoard' });
  measured('two engines in a row that took over 600 MB', milliseconds);
  expect([status, body['code']]).toEqual([503, 'OUT_OF_MEMORY']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await restarts('memory-hard')).toBe(2);
  await eventually(async () => ((await ask(server, 'crash', { how: 'answer' })).status === 200 ? true : undefined));
  expect((await others.stop()).filter(({ status }) => status !== 200)).toEqual([]);
});
