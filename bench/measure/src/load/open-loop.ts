import { setImmediate as turnOfLoop, setTimeout as sleep } from 'node:timers/promises';
import { checkDuration, exchange, type LoadOptions, defaultTimeoutMs } from './exchange.ts';
import { HttpClient } from './http-client.ts';
import { type LoadResult, Tally } from './tally.ts';

export interface OpenLoopOptions extends LoadOptions {
  readonly perSecond: number;
  readonly arrivals: ArrivalKind;
  /** Arrivals beyond this many unanswered requests are counted as unsent; @default 2_000 */
  readonly maxInFlight?: number;
}

const defaultMaxInFlight = 2_000;
const burst = 16;
const maxRequests = 1_000_000;
/** Connections are ready, and the timer is warm, before the first request is due. */
const settleMs = 50;

/**
 * Load that comes at its own rate, whatever the server does. Latency counts from the moment at which a request was due,
 * so neither a slow server nor a late generator hides queueing (no coordinated omission).
 */
export async function openLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const { perSecond, seconds, signal, maxInFlight = defaultMaxInFlight } = options;
  checkDuration(seconds);
  if (!(perSecond > 0 && perSecond * seconds <= maxRequests)) {
    throw new RangeError(`${perSecond} requests a second for ${seconds} s: at most ${maxRequests} requests.`);
  }
  const client = new HttpClient({
    url: options.url,
    maxConnections: maxInFlight,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
  });
  const startedAt = performance.now() + settleMs;
  const tally = new Tally(startedAt);
  const inFlight = new Set<Promise<unknown>>();
  let turn = 0;
  for (const arrival of arrivals(options.arrivals, perSecond, seconds)) {
    const dueAt = startedAt + arrival;
    await until(dueAt, turn);
    if (signal?.aborted === true) break;
    if (tally.inFlight >= maxInFlight) {
      tally.skipped();
      continue;
    }
    const exchanging = exchange(client, options, tally, { turn: turn++, dueAt });
    inFlight.add(exchanging);
    void exchanging.finally(() => inFlight.delete(exchanging));
  }
  await Promise.all(inFlight);
  client.close();
  return tally.result();
}

/** Never early. A generator that is behind catches up in small bursts, so that responses are read in between. */
async function until(dueAt: number, turn: number): Promise<void> {
  if (turn % burst === 0) await turnOfLoop();
  for (let early = dueAt - performance.now(); early > 0; early = dueAt - performance.now()) {
    await sleep(Math.ceil(early));
  }
}

export type ArrivalKind = 'constant' | 'poisson';

/**
 * Milliseconds after the start at which requests arrive: evenly spaced, or as independent clients come (exponentially
 * distributed gaps).
 */
export function* arrivals(
  kind: ArrivalKind,
  perSecond: number,
  seconds: number,
  random: () => number = Math.random,
): Generator<number> {
  const meanGap = 1_000 / perSecond;
  const end = seconds * 1_000;
  for (let at = 0, turn = 0; at < end; turn += 1) {
    yield at;
    at = kind === 'constant' ? (turn + 1) * meanGap : at - Math.log(1 - random()) * meanGap;
  }
}
