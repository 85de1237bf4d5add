import type { Endpoint } from './exchange.ts';
import { exchange } from './exchange.ts';
import { hostileRequest } from './hostile-request.ts';
import { judge } from './judge.ts';
import type { Media } from './valid-requests.ts';

/** Long enough for the slowest of models on a busy machine, and below what would be a hang. */
const deadlineMs = 30_000;

export interface SendingOptions {
  readonly seed: number;
  /** Number of the first request. */
  readonly from?: number;
  readonly count: number;
  /** Goes on beyond `count` until so much time has passed. */
  readonly minutes?: number;
  /** Connections at a time. */
  readonly concurrency: number;
  /** Called with each finding at once, for runs that take long. */
  readonly onFinding?: (finding: Finding) => void;
}

/** Something that a server should not have done. */
export interface Finding {
  readonly what: string;
  /** How to see it again. */
  readonly how: string;
}

export interface Sent {
  readonly count: number;
  readonly findings: readonly Finding[];
  /** Answers by status; `none` for requests that were left without one. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

/** Sends bad requests, so many at a time, and judges what comes back. */
export async function sendHostile(
  endpoint: Endpoint,
  media: Media,
  { seed, from = 0, count, minutes = 0, concurrency, onFinding }: SendingOptions,
): Promise<Sent> {
  const until = performance.now() + minutes * 60_000;
  const findings: Finding[] = [];
  const statuses: Record<string, number> = {};
  let next = from;
  let slowestMs = 0;
  const send = async (): Promise<void> => {
    while (next < from + count || performance.now() < until) {
      const hostile = hostileRequest(seed, next++, media);
      const result = await exchange(endpoint, hostile.delivery, deadlineMs);
      slowestMs = Math.max(slowestMs, result.milliseconds);
      for (const status of result.answers.length === 0 ? ['none'] : result.answers.map((answer) => answer.status))
        statuses[status] = (statuses[status] ?? 0) + 1;
      const { request, delivery, index } = hostile;
      const how = `--seed ${seed} --from ${index} --count 1: ${request.method.slice(0, 20)} ${request.target.slice(0, 200)}, ${delivery.how}`;
      for (const what of judge(hostile, result)) {
        findings.push({ what, how });
        onFinding?.({ what, how });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, send));
  return { count: next - from, findings, statuses, slowestMs };
}
