import type { httpLink } from '@trpc/client';
import { type Connection, requireFetch } from '../calls/connection.ts';
import { localTimeoutMs, timedOut } from '../calls/deadline.ts';
import { errorOfResponse, foreignResponse, isJson, readJson, unreachable } from '../errors/response-error.ts';

/** What the links of tRPC call. */
type LinkFetch = NonNullable<Parameters<typeof httpLink>[0]['fetch']>;

/**
 * The `fetch` of a client. It ends when the timeout has passed, and says what is wrong with a response that is not the router's:
 * a proxy's page, or a refusal from before the router. It rejects with a `PorticoError`, the cause of tRPC's error then.
 *
 * @param isStream whether the timeout bounds the wait for each part of the response, and not for all of it.
 */
export function checkedFetch(connection: Connection, { isStream }: { readonly isStream: boolean }): LinkFetch {
  return async (input, init = {}) => {
    requireFetch(connection);
    const timer = new Timer(connection.timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timer.signal]) : timer.signal;
    signal.addEventListener('abort', () => timer.stop(), { once: true });
    try {
      timer.start();
      const response = await connection.fetch(input as string, { ...(init as RequestInit), signal });
      if (!isJson(response)) throw foreignResponse(response);
      if (/^application\/problem\+json\b/i.test(String(response.headers.get('content-type'))))
        throw errorOfResponse(response, await readJson(response));
      return withTimer(response, timer, signal, isStream);
    } catch (error) {
      timer.stop();
      // What was aborted says why by itself.
      signal.throwIfAborted();
      throw error;
    }
  };
}

/** A response whose body keeps the timer running until its end, and says by a `PorticoError` why it ends before. */
function withTimer(response: Response, timer: Timer, signal: AbortSignal, isStream: boolean): Response {
  const { body, url } = response;
  // Not every platform has bodies that are streams.
  if (body === null || body === undefined) {
    timer.stop();
    return response;
  }
  const reader = body.getReader();
  const parts = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          timer.stop();
          controller.close();
          return;
        }
        if (isStream) timer.start();
        controller.enqueue(value);
      } catch (cause) {
        timer.stop();
        controller.error(signal.aborted ? signal.reason : unreachable(cause));
      }
    },
    cancel: (reason) => {
      timer.stop();
      return reader.cancel(reason);
    },
  });
  return Object.defineProperty(new Response(parts, response), 'url', { value: url });
}

/** Fires its signal when the timeout of a call has passed. */
class Timer {
  readonly #timeoutMs: number | undefined;
  readonly #controller = new AbortController();
  #running: ReturnType<typeof setTimeout> | undefined;

  constructor(timeoutMs: number | undefined) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts it, from the beginning if it runs already. */
  start(): void {
    const timeoutMs = this.#timeoutMs;
    this.stop();
    if (timeoutMs === undefined) return;
    this.#running = setTimeout(() => this.#controller.abort(timedOut(timeoutMs)), localTimeoutMs(timeoutMs));
  }

  stop(): void {
    clearTimeout(this.#running);
  }
}
