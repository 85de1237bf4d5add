import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';
import { version } from '../../version.ts';
import { Histogram } from './histogram.ts';

/** How often a timer measures its lag. prom-client's default of 10 ms costs an idle process 3 ms of CPU time a second. */
const resolutionMs = 100;
/** The longest delay that a timer takes, so that prom-client's own histogram never records anything. */
const neverMs = 2 ** 31 - 1;
/** A loop that is held for more than a second is broken, however long it is. */
const lagBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** The least that Node's histogram takes, in its unit. */
const minNanoseconds = 1;

const figures: readonly (readonly [name: string, read: (lags: RecordableHistogram) => number])[] = [
  ['min', ({ min }) => min],
  ['max', ({ max }) => max],
  ['mean', ({ mean }) => mean],
  ['stddev', ({ stddev }) => stddev],
  ['p50', (lags) => lags.percentile(50)],
  ['p90', (lags) => lags.percentile(90)],
  ['p99', (lags) => lags.percentile(99)],
];

/** Gauges that prom-client names like counters. Each is the sum of another metric, the same name without `_total`. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What `GET /metrics` shows of the gateway's process: prom-client's metrics, which build it is, and how late its event loop is. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  for (const name of misnamed) registry.removeSingleMetric(name);
  collectLag(registry);
  registry.registerMetric(
    new Counter({
      name: 'portico_event_loop_active_seconds_total',
      help: "Time in which the gateway's event loop was busy. Its rate is the share of one core; near 1 the gateway is at its limit.",
      registers: [],
      collect() {
        this.reset();
        this.inc(performance.eventLoopUtilization().active / 1e3);
      },
    }),
  );
  const build = new Gauge({
    name: 'portico_build_info',
    help: '1, with the version of the server and of Node.js as labels.',
    labelNames: ['version', 'node_version'],
    registers: [],
  });
  build.set({ version, node_version: process.versions.node }, 1);
  registry.registerMetric(build);
}

/**
 * How late timers are, as a histogram that adds up over servers and scrapes. prom-client's gauges keep their names and cover the time
 * since the last scrape, whoever scraped; unlike its own they are 0 while nothing is late.
 */
function collectLag(registry: Registry): void {
  const histogram = new Histogram({
    name: 'portico_event_loop_lag_seconds',
    help: "How late a timer of the gateway's event loop is, sampled ten times a second.",
    buckets: lagBuckets,
    registry,
  });
  const sinceScrape = createHistogram();
  let expectedAt = performance.now() + resolutionMs;
  setInterval(() => {
    const now = performance.now();
    // The timer counts whole milliseconds and may come one early.
    const lateMs = Math.max(0, now - expectedAt);
    expectedAt = now + resolutionMs;
    histogram.observe(lateMs / 1e3);
    sinceScrape.record(Math.max(minNanoseconds, Math.round(lateMs * 1e6)));
  }, resolutionMs).unref();
  for (const [index, [figure, read]] of figures.entries()) {
    const name = `nodejs_eventloop_lag_${figure}_seconds`;
    registry.removeSingleMetric(name);
    const gauge = new Gauge({
      name,
      help: `Lag of the event loop in seconds, ${figure} since the last scrape.`,
      registers: [],
      collect() {
        this.set(sinceScrape.count === 0 ? 0 : read(sinceScrape) / 1e9);
        if (index === figures.length - 1) sinceScrape.reset();
      },
    });
    registry.registerMetric(gauge);
  }
}
