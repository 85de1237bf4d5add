import { PorticoError } from '../errors/portico-error.ts';

/** How long the server's own 504 may take to arrive before this side gives up. */
const graceMs = 500;
/** The longest a timer of the platform can wait, about 25 days; more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface DeadlineOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Runs one call under the caller's signal and deadline, and says in a `PorticoError` which of the two stopped it. It ends
 * then even if `run` does not.
 */
export async function withDeadline<Answer>(
  { signal, timeoutMs }: DeadlineOptions,
  run: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  if (signal?.aborted) throw aborted(signal);
  const controller = new AbortController();
  const { promise: stopped, reject: stop } = rejectable();
  const give = (error: PorticoError): void => {
    stop(error);
    controller.abort(error);
  };
  const abort = (): void => give(aborted(signal));
  signal?.addEventListener('abort', abort, { once: true });
  const patience = timeoutMs === undefined ? undefined : Math.min(timeoutMs + graceMs, longestTimerMs);
  const timer = patience === undefined ? undefined : setTimeout(() => give(timedOut(timeoutMs)), patience);
  try {
    return await Promise.race([run(controller.signal), stopped]);
  } finally {
    signal?.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}

/**
 * The deadline of a call.
 *
 * @throws {TypeError} when it is no number of milliseconds.
 */
export function checkedTimeout(timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined) return undefined;
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs;
  throw new TypeError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}.`);
}

const aborted = (signal: AbortSignal | undefined): PorticoError =>
  new PorticoError('ABORTED', 'The call was aborted by its caller.', { cause: signal?.reason });

const timedOut = (timeoutMs: number | undefined): PorticoError =>
  new PorticoError('TIMEOUT', `No answer within ${String(timeoutMs)} ms.`);

function rejectable(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject = (_error: Error): void => {};
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  // Nobody may be listening any more.
  promise.catch(() => {});
  return { promise, reject };
}
