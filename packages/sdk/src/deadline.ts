import type { CallOptions } from './options.ts';
import { PorticoError } from './portico-error.ts';

/** How long the server's own 504 may take to arrive before this side gives up. */
const graceMs = 500;
/** The longest a timer of the platform can wait, about 25 days; more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The header that tells the server the deadline. */
export const timeoutHeader = (timeoutMs: number | undefined): Record<string, string> =>
  timeoutMs === undefined ? {} : { 'x-timeout-seconds': secondsText(timeoutMs) };

/** Decimal seconds without an exponent, at least a millionth and at most what the server reads. */
const secondsText = (timeoutMs: number): string =>
  String(Number(Math.min(Math.max(timeoutMs / 1000, 1e-6), 999_999_999).toFixed(6)));

/** Runs one call under the caller's signal and deadline, and says in a `PorticoError` which of the two stopped it. */
export async function withDeadline<Answer>(
  options: CallOptions,
  run: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { signal, timeoutMs } = options;
  checkTimeout(timeoutMs);
  if (signal?.aborted) throw aborted(signal);
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(abort, Math.min(timeoutMs + graceMs, longestTimerMs));
  try {
    return await run(controller.signal);
  } catch (error) {
    if (signal?.aborted) throw aborted(signal);
    if (controller.signal.aborted) throw timedOut(timeoutMs, error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}

function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (Number.isFinite(timeoutMs) && timeoutMs > 0)) return;
  throw new TypeError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}.`);
}

const aborted = (signal: AbortSignal): PorticoError =>
  new PorticoError('ABORTED', 'The call was aborted by its caller.', { cause: signal.reason });

const timedOut = (timeoutMs: number | undefined, cause: unknown): PorticoError =>
  new PorticoError('TIMEOUT', `No answer within ${String(timeoutMs)} ms.`, { cause });
