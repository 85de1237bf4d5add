import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const until = (name: string, value: number) =>
  eventually(async () => ((await metric(server, name, { model: 'rows' })) === value ? true : undefined));
/** Lets the run end that waits for it. */
const goOn = async (): Promise<void> => {
  const [engine] = await server.engines();
  if (engine !== undefined) process.kill(engine, 'SIGUSR2');
};
/** Rows that the engine has run, one for the question included. */
async function rowsRun(): Promise<number> {
  const { body } = await ask(server, 'rows', { value: 0 });
  // The answer comes a moment before the end of its run.
  await until('portico_in_flight', 0);
  return Number(body['rowsOfThisEngine']);
}

it('what is waiting when its client leaves never runs', async () => {
  const before = await rowsRun();
  const runs = await metric(server, 'portico_batch_size_count');
  const opener = ask(server, 'rows', { value: 0, how: 'wait' });
  // What comes before the engine has begun with it would join its run.
  await until('portico_batch_size_count', runs + 1);
  const leaving = new AbortController();
  // Four fit into the engine behind its run, the others wait in the gateway.
  const waiting = [1, 2, 3, 4, 5, 6, 7].map((value) => ask(server, 'rows', { value }, { signal: leaving.signal }));
  await until('portico_queue_depth', 7);
  leaving.abort();
  for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe('rejected');
  await until('portico_queue_depth', 0);
  await goOn();
  expect((await opener).status).toBe(200);

  expect(await rowsRun()).toBe(before + 2);
  expect(await metric(server, 'portico_cancelled_total', { stage: 'queued' })).toBe(7);
});

it('what is running when its client leaves ends by itself where it can, and costs no replica', async () => {
  const [engine] = await server.engines();
  const leaving = new AbortController();
  const answer = ask(server, 'rows', { value: 1, how: 'wait' }, { signal: leaving.signal });
  await until('portico_in_flight', 1);
  leaving.abort();
  await expect(answer).rejects.toThrow('aborted');
  await goOn();
  expect((await ask(server, 'rows', { value: 2 })).body['pid']).toBe(engine);
  expect(await metric(server, 'portico_cancelled_total', { stage: 'running' })).toBe(1);
  expect(await metric(server, 'portico_replica_restarts_total')).toBe(0);
});
