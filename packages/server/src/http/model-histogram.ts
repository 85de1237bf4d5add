import type { Metric, Registry } from 'prom-client';

export interface ModelHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, in ascending order. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

interface Observed {
  /** By bucket, not cumulative; the last is for what exceeds every bound. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram with the model as its one label. prom-client's own builds a text of its labels for each observation and looks it
 * up, which takes 2 to 3 µs, several times a request; this takes a tenth of that.
 */
export class ModelHistogram {
  readonly #bounds: readonly number[];
  readonly #byModel = new Map<string, Observed>();

  constructor({ name, help, buckets, registry }: ModelHistogramOptions) {
    this.#bounds = buckets;
    // A registry needs no more than this of a metric.
    const metric = { name, help, type: 'histogram', get: async () => ({ ...about, values: this.#values(name) }) };
    const about = { name, help, type: 'histogram', aggregator: 'sum' };
    registry.registerMetric(metric as unknown as Metric);
  }

  observe(model: string, value: number): void {
    let observed = this.#byModel.get(model);
    if (observed === undefined) {
      observed = { counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0 };
      this.#byModel.set(model, observed);
    }
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket += 1;
    observed.counts[bucket] = (observed.counts[bucket] as number) + 1;
    observed.sum += value;
  }

  /** As the Prometheus text format has them: buckets are cumulative. */
  #values(name: string): object[] {
    return [...this.#byModel].flatMap(([model, { counts, sum }]) => {
      let count = 0;
      const buckets = counts.map((own, index) => {
        count += own;
        return { metricName: `${name}_bucket`, labels: { le: this.#bounds[index] ?? '+Inf', model }, value: count };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: { model }, value: sum },
        { metricName: `${name}_count`, labels: { model }, value: count },
      ];
    });
  }
}
