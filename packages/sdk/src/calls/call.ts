import type { PorticoError } from '../errors/portico-error.ts';
import { requireCallOptions } from '../option-names.ts';
import type { CallOptions, Listeners, ResponseInfo } from '../options.ts';
import { type Connection, type HeaderFacts, requireFetch } from './connection.ts';
import { validateTimeout, withDeadline } from './deadline.ts';
import { retryDelay, validateRetry } from './retry.ts';

/** What the requests of one call share. */
export interface CallContext {
  /** Fires when the call is aborted or times out. */
  readonly signal: AbortSignal;
  /** What the headers of a request sent now have to say. */
  facts(): HeaderFacts;
  /** Passes a response of the call to those who listen. */
  responded(response: Response): void;
}

/**
 * Makes one call: sends a request, waits and retries, all within one deadline.
 *
 * @throws {TypeError} if an option is unknown or invalid, if there is no fetch, or if the url is relative to a page and there is none.
 */
export async function runCall<Result>(
  connection: Connection,
  options: CallOptions = {},
  send: (context: CallContext) => Promise<Result>,
): Promise<Result> {
  requireFetch(connection);
  requireCallOptions(options);
  const { signal: givenSignal, traceparent } = options;
  const listeners: readonly Listeners[] = [connection.listeners, options];
  const retry = validateRetry(options.retry ?? connection.retry);
  const timeoutMs = validateTimeout(options.timeoutMs ?? connection.timeoutMs);
  const deadline = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const leftMs = (): number => deadline - performance.now();
  const facts = (): HeaderFacts => ({
    timeoutMs: timeoutMs && Math.min(timeoutMs, Math.max(1, Math.ceil(leftMs()))),
    traceparent,
  });

  return withDeadline({ signal: givenSignal, timeoutMs }, async (signal) => {
    for (let count = 1; ; count += 1) {
      try {
        const result = await send({
          signal,
          facts,
          responded: (response) => {
            for (const { onResponse } of listeners) onResponse?.(responseInfo(response));
          },
        });
        connection.retryBudget.succeeded();
        return result;
      } catch (error) {
        const delayMs = signal.aborted ? undefined : retryDelay(error, count, retry);
        if (delayMs === undefined || delayMs >= leftMs() || !connection.retryBudget.take()) throw error;
        for (const { onRetry } of listeners) onRetry?.({ error: error as PorticoError, retry: count, delayMs });
        await sleep(delayMs, signal);
      }
    }
  });
}

/**
 * One metric of `server-timing`, with the duration first, as the server writes it. It begins where a word does, or else a long word
 * would take its time. https://www.w3.org/TR/server-timing/
 */
const metrics = /(?:^|[ ,])([\w-]+);dur=(\d+(?:\.\d+)?)/g;

/** What the headers of a response say about its request. */
const responseInfo = ({ status, headers }: Response): ResponseInfo => ({
  status,
  requestId: headers.get('x-request-id') ?? undefined,
  timing: Object.fromEntries(
    Array.from(headers.get('server-timing')?.matchAll(metrics) ?? [], ([, phase, duration]) => [
      phase,
      Number(duration),
    ]),
  ),
  warnings: headers.get('x-warnings')?.match(/[\w-]+/g) ?? [],
});

/** Waits, at most until the signal fires. */
async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    const wake = (): void => resolve(clearTimeout(timer));
    signal.addEventListener('abort', wake, { once: true });
  });
  signal.throwIfAborted();
}
