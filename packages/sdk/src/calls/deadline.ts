import { PorticoError } from '../errors/portico-error.ts';

/** How long the server's own 504 may take to arrive before this side times out. */
const graceMs = 500;
/** The longest timer of the platform, about 25 days; a longer one would fire at once. */
export const maxTimerMs = 2 ** 31 - 1;

export interface DeadlineOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Runs one call under its signal and its timeout, and rejects with a `PorticoError` that says which of the two ended it.
 * The call ends then even if `run` does not.
 */
export async function withDeadline<Result>(
  { signal, timeoutMs }: DeadlineOptions,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (signal?.aborted) throw aborted(signal);
  const controller = new AbortController();
  let end = (_error: PorticoError): void => {};
  const ended = new Promise<never>((_resolve, reject) => {
    end = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  // The call may have ended already.
  ended.catch(() => {});
  const stopListening = signal && onAbort(signal, () => end(aborted(signal)));
  const expire = (limitMs: number): void => end(timedOut(limitMs));
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, localTimeoutMs(timeoutMs), timeoutMs);
  try {
    return await Promise.race([run(controller.signal), ended]);
  } catch (error) {
    // A response that nobody reads to its end.
    controller.abort(error);
    throw error;
  } finally {
    stopListening?.();
    clearTimeout(timer);
  }
}

/** @throws {TypeError} if it is not a number of milliseconds. */
export function validateTimeout(timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined || (Number.isFinite(timeoutMs) && timeoutMs > 0)) return timeoutMs;
  throw new TypeError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}.`);
}

/** How long this side waits for the response to a call with this timeout. */
export const localTimeoutMs = (timeoutMs: number): number => Math.min(timeoutMs + graceMs, maxTimerMs);

const aborted = (signal: AbortSignal | undefined): PorticoError =>
  new PorticoError('ABORTED', 'The call was aborted.', { cause: signal?.reason as unknown });

export const timedOut = (timeoutMs: number): PorticoError =>
  new PorticoError('TIMEOUT', `No response within ${timeoutMs} ms.`);

/** What waits for one signal. */
interface Waiting {
  readonly listeners: Set<() => void>;
  readonly fire: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls the listener when the signal fires; returns what stops that. A signal has one listener of ours, however many calls
 * share it: Node warns of a leak if there are more than ten.
 */
export function onAbort(signal: AbortSignal, listen: () => void): () => void {
  const waiting = waitingFor.get(signal) ?? newWaiting();
  const { listeners, fire } = waiting;
  // The same function may wait twice.
  const listener = (): void => listen();
  if (listeners.size === 0) signal.addEventListener('abort', fire, { once: true });
  waitingFor.set(signal, waiting);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) signal.removeEventListener('abort', fire);
  };
}

function newWaiting(): Waiting {
  const listeners = new Set<() => void>();
  return { listeners, fire: () => [...listeners].forEach((listener) => listener()) };
}
