import type { Overload } from './overload.ts';

const mebibytes = (bytes: number): string => `${Math.round(bytes / (1024 * 1024))} MiB`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The figures of an overload, for people. */
export function describeOverload(name: string, result: Overload): string {
  const { capacity, load, goodput, accepted, timedOut, retryAfter, residentBytes, calmMs } = result;
  const { p50, p99, max } = load.latency;
  const refusal = load.latencyByOutcome['503'];
  return [
    `overload of ${name}: capacity ${capacity.goodPerSecond.toFixed(1)}/s, offered ${(load.sent / load.seconds).toFixed(0)}/s, deadline ${result.deadlineSeconds.toFixed(1)} s`,
    `goodput ${load.goodPerSecond.toFixed(1)}/s (${percent(goodput)}), sent ${load.sent}, ${JSON.stringify(load.outcomes)}`,
    `accepted too late: ${timedOut} of ${accepted} (${percent(timedOut / accepted)})`,
    `accepted ms: p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)}`,
    `refused ms: p50 ${refusal?.p50.toFixed(1)}, p99 ${refusal?.p99.toFixed(1)}; lag p99 ${load.lag.p99.toFixed(1)}`,
    `Retry-After: ${retryAfter.meanPromisedSeconds.toFixed(2)} s promised, ${retryAfter.meanRealSeconds.toFixed(2)} s real, ${percent(retryAfter.truthful / retryAfter.judged)} within a factor of two`,
    `gateway: ${mebibytes(residentBytes.before)} before, ${mebibytes(residentBytes.early)} early, ${mebibytes(residentBytes.late)} late`,
    `calm ms: ${calmMs.before.toFixed(0)} before, ${calmMs.after.toFixed(0)} after the last answer, ${result.drainSeconds.toFixed(2)} s after the last arrival`,
    '',
  ].join('\n  ');
}
