import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { openLoop } from '@portico/measure/load/open-loop';
import { expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { engineAndQueueSeconds } from './support/autoscaler.ts';
import { readKustomized } from './support/manifests.ts';

// What the autoscaler's target means: how much of what engines can do they do at a load, and how long requests take then.

const runMs = 100;
const seconds = 25;
const request = {
  method: 'POST',
  path: '/rows',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ input: { value: 1, milliseconds: runMs } })),
} as const;

const autoscaler = readKustomized('kubernetes/overlays/autoscale').resources.find(
  ({ kind }) => kind === 'HorizontalPodAutoscaler',
) as unknown as V2HorizontalPodAutoscaler;
const target = Number(autoscaler.spec?.metrics?.[0]?.pods?.target.averageValue);

/** The load of each engine while requests arrive at random, by shares of the rate that the engines could just serve. */
async function loads(engines: number, batch: number, shares: readonly number[]): Promise<number[]> {
  await using server = await startServer({
    MODEL_NAME: 'rows',
    REPLICAS: String(engines),
    FIXTURE_ROWS_BATCH: String(batch),
    LOG_LEVEL: 'info',
  });
  const ready = () => metric(server, 'portico_replicas', { state: 'ready' });
  await eventually(async () => ((await ready()) === engines ? true : undefined), 60_000);
  const found: number[] = [];
  for (const share of shares) {
    const before = await engineAndQueueSeconds(server);
    const perSecond = (1_000 / runMs) * engines * batch * share;
    const startedAt = performance.now();
    const { latency, good, sent } = await openLoop({
      url: server.url,
      request,
      check: ({ status }) => (status === 200 ? undefined : String(status)),
      perSecond,
      arrivals: 'poisson',
      seconds,
    });
    const elapsed = (performance.now() - startedAt) / 1_000;
    const load = ((await engineAndQueueSeconds(server)) - before) / elapsed / engines;
    found.push(load);
    process.stderr.write(
      `measured: ${engines} engines, batches of up to ${batch}, ${share * 100} % of the traffic they can serve: load ${load.toFixed(1)}, ` +
        `p50 ${latency.p50.toFixed(0)} ms, p99 ${latency.p99.toFixed(0)} ms, ${sent - good} of ${sent} refused\n`,
    );
  }
  return found;
}

it.each([1, 2, 4])(
  '%s engines reach the target above half of the traffic that they can serve, and before all of it',
  async (engines) => {
    const [half, most, nearlyAll] = await loads(engines, 1, [0.5, 0.7, 0.9]);
    expect(half).toBeLessThan(target);
    expect(most).toBeGreaterThan(half ?? 0);
    expect(nearlyAll).toBeGreaterThan(target);
  },
);

it('an engine that runs batches is above the target at a third of the traffic that it can serve', async () => {
  const [third, half, most] = await loads(1, 8, [0.3, 0.5, 0.7]);
  expect(third).toBeGreaterThan(target);
  expect(half).toBeGreaterThan(third ?? 0);
  expect(most).toBeGreaterThan(half ?? 0);
});
