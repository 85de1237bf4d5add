import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const runs = (): Promise<number> => metric(server, 'portico_batch_size_count');
const restarts = (reason: string): Promise<number> => metric(server, 'portico_replica_restarts_total', { reason });

async function stopEngine(): Promise<number> {
  const [pid] = await server.engines();
  if (pid === undefined) throw new Error('there is no engine');
  process.kill(pid, 'SIGSTOP');
  return pid;
}

it('an engine that is stopped in the middle of a run costs its client the output, and is replaced', async () => {
  const [begun, abandoned] = [await runs(), await restarts('abandoned')];
  const answer = ask(server, 'rows', { value: 1, how: 'wait' }, { timeoutSeconds: 1.5 });
  await eventually(async () => ((await runs()) > begun ? true : undefined));
  const stopped = await stopEngine();
  const { status, milliseconds } = await answer;
  expect(status).toBe(504);
  measured('lateness of the 504 of a stopped engine', milliseconds - 1_500);
  const { body } = await ask(server, 'rows', { value: 2 });
  expect(body['value']).toBe(2);
  expect(body['pid']).not.toBe(stopped);
  expect(await restarts('abandoned')).toBe(abandoned + 1);
});

it('one that is stopped while it has nothing to do is replaced when it does not begin, and no client loses an output', async () => {
  const unresponsive = await restarts('unresponsive');
  const stopped = await stopEngine();
  const { status, body, milliseconds } = await ask(server, 'rows', { value: 3 });
  measured('an answer when the free engine was stopped', milliseconds);
  expect([status, body['value']]).toEqual([200, 3]);
  expect(body['pid']).not.toBe(stopped);
  expect(await restarts('unresponsive')).toBe(unresponsive + 1);
});
