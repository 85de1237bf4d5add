import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/**
 * How often a timer wakes the loop to measure its lag. prom-client's default of 10 ms costs an idle process 3 ms of CPU time a
 * second; this costs 0.5.
 */
const resolutionMs = 100;
/** The longest delay that a timer takes, so that prom-client's own histogram never records anything. */
const neverMs = 2 ** 31 - 1;

/** Node records the time between two ticks of the timer, in nanoseconds. */
const lateBy = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);

const figures: readonly (readonly [name: string, read: (times: IntervalHistogram) => number])[] = [
  ['min', ({ min }) => lateBy(min)],
  ['max', ({ max }) => lateBy(max)],
  ['mean', ({ mean }) => lateBy(mean)],
  ['stddev', ({ stddev }) => stddev / 1e9],
  ['p50', (times) => lateBy(times.percentile(50))],
  ['p90', (times) => lateBy(times.percentile(90))],
  ['p99', (times) => lateBy(times.percentile(99))],
];

/**
 * prom-client's metrics of the process. Those of the event loop's lag keep their names and are 0 while nothing is late;
 * prom-client's own include the resolution.
 */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  const times = monitorEventLoopDelay({ resolution: resolutionMs });
  times.enable();
  for (const [index, [figure, read]] of figures.entries()) {
    const name = `nodejs_eventloop_lag_${figure}_seconds`;
    registry.removeSingleMetric(name);
    const gauge = new Gauge({
      name,
      help: `Lag of the event loop in seconds, ${figure} since the last scrape.`,
      registers: [],
      collect() {
        this.set(times.count === 0 ? 0 : read(times));
        if (index === figures.length - 1) times.reset();
      },
    });
    registry.registerMetric(gauge);
  }
}
