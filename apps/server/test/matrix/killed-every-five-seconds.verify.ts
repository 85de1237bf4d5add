import { closedLoop } from '@portico/measure/load/closed-loop';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Door, ocrBytes, rows } from '../drain/support/doors.ts';
import { metric } from '../harness/metric.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { clients as startClients } from './support/clients.ts';

const kills = 12;
const everyMs = 5_000;

/** Runs of up to four rows that take 20 ms, so that kills meet runs and the load is that of the server. */
const shortRuns: Door = {
  ...rows,
  body: (turn) => Buffer.from(JSON.stringify({ input: { value: turn, milliseconds: 20 } })),
};

const short = { model: 'rows', door: () => Promise.resolve(shortRuns), clients: 16, capacitySeconds: 5 };
/** Runs of about a quarter of a second: many a kill meets one. */
const long = { model: 'ocr', door: ocrBytes, clients: 4, capacitySeconds: 10 };

it.for([short, long])(
  'an engine of $model killed every 5 s, two replicas, half load, one minute',
  { timeout: 150_000 },
  async ({ model, door: open, clients, capacitySeconds }) => {
    await using server = await startServer({ MODEL_NAME: model, REPLICAS: '2', LOG_LEVEL: 'info' });
    await eventually(async () =>
      (await metric(server, 'portico_replicas', { state: 'ready' })) === 2 ? true : undefined,
    );
    const door = await open();
    const { goodPerSecond } = await closedLoop({
      url: server.url,
      clients,
      seconds: capacitySeconds,
      request: (turn) => ({ path: door.path, headers: { 'content-type': door.type }, body: door.body(turn) }),
      check: () => undefined,
    });

    const load = startClients(server.url, door, goodPerSecond / 2);
    for (let kill = 0; kill < kills; kill += 1) {
      const engines = await server.engines();
      const pid = engines[kill % engines.length];
      if (pid === undefined) throw new Error('there is no engine');
      process.kill(pid, 'SIGKILL');
      await sleep(everyMs);
    }
    await load.stop();
    const { outcomes, slowestMs } = load;
    const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const good = outcomes['200'] ?? 0;

    process.stderr.write(
      `measured: ${model}, capacity ${goodPerSecond.toPrecision(3)} a second; ${kills} kills in a minute of half of it: ` +
        `${all} requests, ${((100 * good) / all).toFixed(3)} % answered 200, ${JSON.stringify(outcomes)}, ` +
        `the slowest after ${Math.round(slowestMs)} ms\n`,
    );
    expect(Object.keys(outcomes).filter((outcome) => !/^\d{3}/.test(outcome))).toEqual([]);
    expect(good / all).toBeGreaterThanOrEqual(0.99);
    expect(await metric(server, 'portico_replica_restarts_total', { reason: 'crash' })).toBe(kills);
  },
);
