import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
let sumOfOne: number;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'dense', MAX_QUEUE: '1000' });
  await server.ready();
  sumOfOne = Number((await ask(server, 'dense', { value: 1 })).body['sum']);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Asks about a value and checks that the row that comes back is its own: without biases the sum grows with the value. */
async function askForOwnRow(value: number): Promise<number> {
  const { status, body } = await ask(server, 'dense', { value });
  expect([status, body['value']]).toEqual([200, value]);
  expect(Number(body['sum']) / (value * sumOfOne)).toBeCloseTo(1, 3);
  return Number(body['batch']);
}

const values = Array.from({ length: 60 }, (_, index) => index + 1);

it('requests that come together run together, and each gets its own row', async () => {
  const batches = await Promise.all(values.map(askForOwnRow));
  expect(Math.max(...batches)).toBeGreaterThan(1);
  expect(Math.max(...batches)).toBeLessThanOrEqual(8);
});

it('also when engines are killed meanwhile', async () => {
  const kills = 3;
  const stopping = new AbortController();
  const clients = values.slice(0, 12).map((value) => ({ value, answers: 0 }));
  const asking = clients.map(async (client) => {
    for (; !stopping.signal.aborted; client.answers += 1) await askForOwnRow(client.value + client.answers / 1_000);
  });
  /** No input is a suspect any more, which would fail after another kill. */
  const allAnsweredTwice = async (): Promise<void> => {
    const wanted = clients.map((client) => ({ client, answers: client.answers + 2 }));
    await eventually(async () => (wanted.every(({ client, answers }) => client.answers >= answers) ? true : undefined));
  };
  for (let kill = 0; kill < kills; kill++) {
    await allAnsweredTwice();
    const [engine] = await server.engines();
    if (engine === undefined) throw new Error('there is no engine');
    process.kill(engine, 'SIGKILL');
    await eventually(async () =>
      (await metric(server, 'portico_replicas', { state: 'ready' })) === 1 && !(await server.engines()).includes(engine)
        ? true
        : undefined,
    );
  }
  await allAnsweredTwice();
  stopping.abort();
  await Promise.all(asking);
  expect(await metric(server, 'portico_replica_restarts_total', { reason: 'crash' })).toBe(kills);
});
