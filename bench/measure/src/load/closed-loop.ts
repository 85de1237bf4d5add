import { setTimeout as sleep } from 'node:timers/promises';
import { checkDuration, exchange, type LoadOptions, defaultTimeoutMs } from './exchange.ts';
import { HttpClient } from './http-client.ts';
import { type LoadResult, Tally } from './tally.ts';

export interface ClosedLoopOptions extends LoadOptions {
  /** Each has one connection and sends its next request when the last has its response. */
  readonly clients: number;
  /** Requests in all; without it time alone ends the load. */
  readonly count?: number;
}

/** Keeps a server that refuses connections from being called in a tight loop. */
const pauseAfterErrorMs = 10;

/** Load from a fixed number of clients: it finds the capacity, not the latency at a given rate. */
export async function closedLoop(options: ClosedLoopOptions): Promise<LoadResult> {
  const { clients, count = Number.MAX_SAFE_INTEGER, seconds, signal } = options;
  checkDuration(seconds);
  const client = new HttpClient({
    url: options.url,
    maxConnections: clients,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
  });
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const tally = new Tally(startedAt);
  let turn = 0;
  const loop = async (): Promise<void> => {
    while (turn < count && performance.now() < until) {
      if (signal?.aborted === true) return;
      const { response } = await exchange(client, options, tally, { turn: turn++, dueAt: performance.now() });
      if (response === undefined) await sleep(pauseAfterErrorMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  client.close();
  return tally.result();
}
