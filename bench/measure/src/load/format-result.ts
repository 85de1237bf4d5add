import type { LatencySummary } from './latencies.ts';
import type { LoadResult } from './load-result.ts';

/** A load's result as lines for people. */
export function formatResult(result: LoadResult): string {
  const { sent, unsent, seconds, good, goodPerSecond, outcomes, latencyByOutcome, lag, peakInFlight } = result;
  const lines = [
    `${sent} requests in ${seconds.toFixed(1)} s, ${good} good: ${goodPerSecond.toFixed(1)} a second; at most ${peakInFlight} under way.`,
    ...Object.entries(latencyByOutcome).map(
      ([outcome, latency]) => `${outcome}: ${outcomes[outcome]} times, ${milliseconds(latency)}`,
    ),
    `sent late by: ${milliseconds(lag)}`,
    ...result.complaints,
  ];
  if (unsent > 0) lines.push(`${unsent} arrivals were never sent: too many were under way.`);
  return lines.join('\n');
}

const milliseconds = ({ p50, p99, p999, max }: LatencySummary): string =>
  `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, p99.9 ${p999.toFixed(2)}, max ${max.toFixed(2)} ms`;
