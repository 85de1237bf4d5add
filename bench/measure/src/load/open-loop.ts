import { setImmediate as turnOfLoop, setTimeout as sleep } from 'node:timers/promises';
import { type ArrivalKind, arrivals } from './arrivals.ts';
import { exchange } from './exchange.ts';
import { HttpClient } from './http-client.ts';
import { checkDuration, type LoadOptions, usualTimeoutMs } from './load-options.ts';
import type { LoadResult } from './load-result.ts';
import { Tally } from './tally.ts';

export interface OpenLoopOptions extends LoadOptions {
  readonly perSecond: number;
  readonly arrivals: ArrivalKind;
  /** Arrivals beyond this many unanswered requests are counted as unsent; 2 000 unless told. */
  readonly maxInFlight?: number;
}

const usualMaxInFlight = 2_000;
const burst = 16;
const mostRequests = 1_000_000;
/** Connections are ready, and the timer is warm, before the first request is due. */
const settleMs = 50;

/**
 * Load that comes at its own rate, whatever the server does. Latency counts from the moment at which a request was due,
 * so neither a slow server nor a late generator hides the wait (no coordinated omission).
 */
export async function openLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const { perSecond, seconds, signal, maxInFlight = usualMaxInFlight } = options;
  checkDuration(seconds);
  if (!(perSecond > 0 && perSecond * seconds <= mostRequests)) {
    throw new RangeError(`${perSecond} requests a second for ${seconds} s: at most ${mostRequests} requests.`);
  }
  const client = new HttpClient({
    url: options.url,
    maxConnections: maxInFlight,
    timeoutMs: options.timeoutMs ?? usualTimeoutMs,
  });
  const startedAt = performance.now() + settleMs;
  const tally = new Tally(startedAt);
  const underWay = new Set<Promise<unknown>>();
  let turn = 0;
  for (const arrival of arrivals(options.arrivals, perSecond, seconds)) {
    const dueAt = startedAt + arrival;
    await until(dueAt, turn);
    if (signal?.aborted === true) break;
    if (tally.inFlight >= maxInFlight) {
      tally.leftOut();
      continue;
    }
    const exchanging = exchange(client, options, tally, { turn: turn++, dueAt });
    underWay.add(exchanging);
    void exchanging.finally(() => underWay.delete(exchanging));
  }
  await Promise.all(underWay);
  client.close();
  return tally.result();
}

/** Never early. A generator that is behind catches up in small bursts, so that answers are read in between. */
async function until(dueAt: number, turn: number): Promise<void> {
  if (turn % burst === 0) await turnOfLoop();
  for (let early = dueAt - performance.now(); early > 0; early = dueAt - performance.now()) {
    await sleep(Math.ceil(early));
  }
}
