import type { LatencySummary } from './latencies.ts';

/** What a load found out. Times are milliseconds. */
export interface LoadResult {
  readonly sent: number;
  /** Arrivals that were never sent, because too many were under way already. */
  readonly unsent: number;
  readonly seconds: number;
  /** Answers of status 200 that passed their check. */
  readonly good: number;
  /** Good answers a second over the whole load, its last answers included. */
  readonly goodPerSecond: number;
  /** Latency of the good answers. */
  readonly latency: LatencySummary;
  /** How often each outcome came: a status, `wrong`, or the code of an error. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latencyByOutcome: Readonly<Record<string, LatencySummary>>;
  /** The first few things that checks found wrong. */
  readonly complaints: readonly string[];
  /** How late requests were sent. When this is large, the generator was the bottleneck. */
  readonly lag: LatencySummary;
  readonly peakInFlight: number;
}
