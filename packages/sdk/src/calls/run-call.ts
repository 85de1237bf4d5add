import type { CallOptions } from '../options.ts';
import type { HeaderFacts } from './call-headers.ts';
import type { Connection } from './connection.ts';
import { checkedTimeout, withDeadline } from './deadline.ts';
import { checkedRetry, retryDelay } from './retry-delay.ts';
import { checkReachable } from './server-url.ts';

/** One try of a call. */
export interface Attempt {
  /** Fires when the caller leaves or the time is up. */
  readonly signal: AbortSignal;
  /** The caller's own signal: calls that share it end together. */
  readonly callerSignal: AbortSignal | undefined;
  /** What the headers of a request sent now have to say. */
  facts(): HeaderFacts;
}

/** Deadlines are told in steps, so that calls made together tell the same one and can share a request. */
const stepMs = 10;

/**
 * Makes one call: tries, pauses and tries again under one deadline.
 *
 * @throws {TypeError} when the deadline or the retries make no sense, or the address is one on a page and there is no page.
 */
export async function runCall<Answer>(
  connection: Connection,
  options: CallOptions = {},
  attempt: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer> {
  checkReachable(connection);
  const { signal: callerSignal, traceparent } = options;
  const retry = checkedRetry(options.retry ?? connection.retry);
  const timeoutMs = checkedTimeout(options.timeoutMs ?? connection.timeoutMs);
  const end = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  const leftMs = (): number => end - performance.now();
  const told = (): number | undefined =>
    timeoutMs === undefined ? undefined : Math.min(timeoutMs, Math.max(1, Math.ceil(leftMs() / stepMs) * stepMs));
  const facts = (): HeaderFacts => ({ timeoutMs: told(), traceparent });

  return withDeadline({ signal: callerSignal, timeoutMs }, async (signal) => {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await attempt({ signal, callerSignal, facts });
        connection.retryBudget.succeeded();
        return answer;
      } catch (error) {
        const delayMs = signal.aborted ? undefined : retryDelay(error, tries, retry);
        if (delayMs === undefined || delayMs >= leftMs() || !connection.retryBudget.take()) throw error;
        await pause(delayMs, signal);
      }
    }
  });
}

/** Waits, but no longer than until the signal fires. */
async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    const wake = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', wake, { once: true });
  });
  signal.throwIfAborted();
}
