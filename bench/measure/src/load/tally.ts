import { build } from 'hdr-histogram-js';
import type { LoadResponse } from './http-client.ts';

/** The outcome of a response that its check did not accept. */
export const wrong = 'wrong';
const maxComplaints = 5;
const good = '200';
const microsecondsPerHour = 3_600_000_000;

/** One request and what became of it. Times are of `performance.now()`. */
export interface Sample {
  readonly turn: number;
  /** When it should have been sent; latency counts from here. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly endedAt: number;
  /** The status, `wrong` for a response that failed its check, or the code of the connection's error. */
  readonly outcome: string;
  readonly response?: LoadResponse;
}

/** Milliseconds at the usual percentiles; all 0 when nothing was recorded. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What a load found out. Times are milliseconds. */
export interface LoadResult {
  readonly sent: number;
  /** Arrivals that were never sent, because too many were in flight already. */
  readonly unsent: number;
  readonly seconds: number;
  /** Responses of status 200 that passed their check. */
  readonly good: number;
  /** Good responses per second over the whole load, its last responses included. */
  readonly goodPerSecond: number;
  /** Latency of the good responses. */
  readonly latency: LatencySummary;
  /** How often each outcome came: a status, `wrong`, or the code of an error. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latencyByOutcome: Readonly<Record<string, LatencySummary>>;
  /** The first few complaints of checks. */
  readonly complaints: readonly string[];
  /** How late requests were sent. When this is large, the generator was the bottleneck. */
  readonly lag: LatencySummary;
  readonly peakInFlight: number;
}

/** Counts what becomes of the requests of one load. */
export class Tally {
  readonly #startedAt: number;
  readonly #byOutcome = new Map<string, Latencies>();
  readonly #lag = new Latencies();
  readonly #complaints: string[] = [];
  #sent = 0;
  #ended = 0;
  #unsent = 0;
  #peakInFlight = 0;
  #lastEndedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#lastEndedAt = startedAt;
  }

  get inFlight(): number {
    return this.#sent - this.#ended;
  }

  sending(lateMs: number): void {
    this.#sent += 1;
    this.#lag.record(lateMs);
    this.#peakInFlight = Math.max(this.#peakInFlight, this.inFlight);
  }

  skipped(): void {
    this.#unsent += 1;
  }

  ended(sample: Sample, complaint: string | undefined): void {
    this.#ended += 1;
    this.#lastEndedAt = Math.max(this.#lastEndedAt, sample.endedAt);
    const latencies = this.#byOutcome.get(sample.outcome) ?? new Latencies();
    this.#byOutcome.set(sample.outcome, latencies);
    latencies.record(sample.endedAt - sample.dueAt);
    if (complaint !== undefined && this.#complaints.length < maxComplaints) this.#complaints.push(complaint);
  }

  result(): LoadResult {
    const summaries = [...this.#byOutcome].map(([outcome, latencies]) => [outcome, latencies.summary()] as const);
    const seconds = (this.#lastEndedAt - this.#startedAt) / 1_000;
    const latency = (this.#byOutcome.get(good) ?? new Latencies()).summary();
    return {
      sent: this.#sent,
      unsent: this.#unsent,
      seconds,
      good: latency.count,
      goodPerSecond: seconds > 0 ? latency.count / seconds : 0,
      latency,
      outcomes: Object.fromEntries(summaries.map(([outcome, { count }]) => [outcome, count])),
      latencyByOutcome: Object.fromEntries(summaries),
      complaints: this.#complaints,
      lag: this.#lag.summary(),
      peakInFlight: this.#peakInFlight,
    };
  }
}

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
