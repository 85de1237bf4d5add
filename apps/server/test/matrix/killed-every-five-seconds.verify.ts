import { closedLoop } from '@portico/measure/load/closed-loop';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Door, rows } from '../drain/support/doors.ts';
import { metric } from '../harness/metric.ts';
import { startServer } from '../harness/server-process.ts';
import { callers } from './support/callers.ts';

const clients = 16;
const capacitySeconds = 5;
const kills = 12;
const everyMilliseconds = 5_000;

/** Runs of up to four rows that take 20 ms, so that kills meet runs and the load is that of the server. */
const shortRuns: Door = {
  ...rows,
  body: (turn) => Buffer.from(JSON.stringify({ input: { value: turn, milliseconds: 20 } })),
};

it('an engine killed every 5 s, two replicas, half load, one minute', { timeout: 150_000 }, async () => {
  await using server = await startServer({ MODEL_NAME: 'rows', REPLICAS: '2', LOG_LEVEL: 'info' });
  await server.ready();
  const { goodPerSecond } = await closedLoop({
    url: server.url,
    clients,
    seconds: capacitySeconds,
    request: (turn) => ({
      path: shortRuns.path,
      headers: { 'content-type': shortRuns.type },
      body: shortRuns.body(turn),
    }),
    check: () => undefined,
  });

  const load = callers(server.url, shortRuns, goodPerSecond / 2);
  for (let kill = 0; kill < kills; kill += 1) {
    const engines = await server.engines();
    const pid = engines[kill % engines.length];
    if (pid === undefined) throw new Error('there is no engine');
    process.kill(pid, 'SIGKILL');
    await sleep(everyMilliseconds);
  }
  await load.stop();
  const { outcomes, slowestMilliseconds } = load;
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const good = outcomes['200'] ?? 0;

  process.stderr.write(
    `measured: capacity ${goodPerSecond.toFixed(0)} a second; ${kills} kills in a minute of half of it: ` +
      `${all} requests, ${((100 * good) / all).toFixed(3)} % answered 200, ${JSON.stringify(outcomes)}, ` +
      `the slowest after ${Math.round(slowestMilliseconds)} ms\n`,
  );
  expect(Object.keys(outcomes).filter((outcome) => !/^\d{3}/.test(outcome))).toEqual([]);
  expect(good / all).toBeGreaterThanOrEqual(0.99);
  expect(await metric(server, 'portico_replica_restarts_total', { reason: 'crash' })).toBe(kills);
});
