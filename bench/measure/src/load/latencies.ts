import { build } from 'hdr-histogram-js';

/** Milliseconds at the usual percentiles; all 0 when nothing was recorded. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const microsecondsPerHour = 3_600_000_000;

/** Latencies in a histogram of three significant digits, from a microsecond to an hour. */
export class Latencies {
  readonly #histogram = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: microsecondsPerHour,
    numberOfSignificantValueDigits: 3,
  });

  record(milliseconds: number): void {
    const microseconds = Math.round(milliseconds * 1_000);
    this.#histogram.recordValue(Math.min(Math.max(microseconds, 1), microsecondsPerHour));
  }

  summary(): LatencySummary {
    const at = (percentile: number): number =>
      this.#histogram.totalCount === 0 ? 0 : this.#histogram.getValueAtPercentile(percentile) / 1_000;
    return {
      count: this.#histogram.totalCount,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: at(100),
    };
  }
}
