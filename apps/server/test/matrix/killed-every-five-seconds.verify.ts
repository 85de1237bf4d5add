import { closedLoop } from '@portico/measure/load/closed-loop';
import { formatResult } from '@portico/measure/load/format-result';
import type { LoadOptions } from '@portico/measure/load/load-options';
import { openLoop } from '@portico/measure/load/open-loop';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ocrForm } from '../drain/support/doors.ts';
import { metric } from '../harness/metric.ts';
import { startServer } from '../harness/server-process.ts';

const capacitySeconds = 6;
const seconds = 60;
const everyMilliseconds = 5_000;

it('an engine killed every 5 s, two replicas, half load, one minute', { timeout: 150_000 }, async () => {
  await using server = await startServer({ MODEL_NAME: 'ocr', REPLICAS: '2', LOG_LEVEL: 'info' });
  await server.ready();
  const { path, type, body, isRight } = await ocrForm();
  const load: Omit<LoadOptions, 'seconds'> = {
    url: server.url,
    request: { path, headers: { 'content-type': type }, body: body(0) },
    check: (answer) => (answer.status !== 200 || isRight(answer.body.toString(), 0) ? undefined : 'not the page'),
    timeoutMilliseconds: 90_000,
  };
  const { goodPerSecond } = await closedLoop({ ...load, clients: 4, seconds: capacitySeconds });

  const stopping = new AbortController();
  let kills = 0;
  const killing = (async () => {
    while (!stopping.signal.aborted) {
      const engines = await server.engines();
      const pid = engines[kills % engines.length];
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      kills += 1;
      await sleep(everyMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  const result = await openLoop({ ...load, arrivals: 'poisson', perSecond: goodPerSecond / 2, seconds });
  stopping.abort();
  await killing;

  process.stderr.write(
    `measured: capacity ${goodPerSecond.toFixed(1)} a second; ${kills} kills in ${seconds} s of half of it\n` +
      `${formatResult(result)}\n` +
      `measured: answered 200: ${((100 * result.good) / result.sent).toFixed(2)} %\n`,
  );
  expect(result.unsent).toBe(0);
  expect(result.complaints).toEqual([]);
  expect(Object.keys(result.outcomes).filter((outcome) => !/^\d{3}$/.test(outcome))).toEqual([]);
  expect(result.good / result.sent).toBeGreaterThanOrEqual(0.99);
  expect(await metric(server, 'portico_replica_restarts_total', { reason: 'crash' })).toBe(kills);
});
