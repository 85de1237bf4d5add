import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { collectProcessMetrics } from './process-metrics.ts';

const lag = (text: string, figure: string): number =>
  Number(new RegExp(String.raw`^nodejs_eventloop_lag_${figure}_seconds (.+)$`, 'm').exec(text)?.[1]);

it('a blocked loop shows in the lag of the next scrape only, and the resolution of the timer does not count', async () => {
  const registry = new Registry();
  collectProcessMetrics(registry);
  expect(lag(await registry.metrics(), 'max')).toBe(0);
  await sleep(250);
  const start = performance.now();
  while (performance.now() - start < 400);
  await sleep(250);
  const held = await registry.metrics();
  expect(lag(held, 'max')).toBeGreaterThan(0.25);
  expect(lag(held, 'min')).toBeLessThan(lag(held, 'max'));
  for (const figure of ['mean', 'stddev', 'p50', 'p90', 'p99']) expect(lag(held, figure)).toBeGreaterThanOrEqual(0);
  expect(lag(await registry.metrics(), 'max')).toBe(0);
});

it('a blocked loop stays in the histogram after every scrape, and in the busy time of the loop', async () => {
  const registry = new Registry();
  collectProcessMetrics(registry);
  await sleep(150);
  const start = performance.now();
  while (performance.now() - start < 400);
  await sleep(150);
  const value = (text: string, name: string): number =>
    Number(new RegExp(String.raw`^${name.replaceAll(/[{}+"]/g, String.raw`\$&`)} (.+)$`, 'm').exec(text)?.[1]);
  const texts = [await registry.metrics(), await registry.metrics()];
  for (const text of texts) {
    const late =
      value(text, 'portico_event_loop_lag_seconds_count') -
      value(text, 'portico_event_loop_lag_seconds_bucket{le="0.1"}');
    expect(late).toBe(1);
    expect(value(text, 'portico_event_loop_lag_seconds_sum')).toBeGreaterThan(0.25);
    expect(value(text, 'portico_event_loop_active_seconds_total')).toBeGreaterThan(0.4);
  }
});

it('every metric of prom-client is there', async () => {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const text = await registry.metrics();
  expect([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name).toSorted()).toEqual(
    expect.arrayContaining(['nodejs_eventloop_lag_seconds', 'nodejs_gc_duration_seconds', 'process_open_fds']),
  );
});
