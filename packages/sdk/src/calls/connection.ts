import { PorticoError } from '../errors/portico-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { Fetch, PorticoOptions, RequestHeaders, RetryOptions } from '../options.ts';
import { checkedTimeout } from './deadline.ts';
import { RetryBudget } from './retry-budget.ts';
import { checkedRetry } from './retry-delay.ts';
import { serverUrl } from './server-url.ts';

/** A server, ready to be asked. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  /** Rejects with a `PorticoError`. */
  readonly fetch: Fetch;
  /** The caller sends the requests by a function of his own. */
  readonly hasOwnFetch: boolean;
  readonly timeoutMs: number | undefined;
  readonly retry: RetryOptions | false;
  readonly retryBudget: RetryBudget;
  /** The headers that the caller wants with every request. */
  headers(): Promise<Record<string, string>>;
}

/**
 * Reads the options of a client.
 *
 * @throws {TypeError} when the url is missing or none, or the deadline or the retries make no sense.
 */
export function connect(options: PorticoOptions): Connection {
  const { headers = {}, fetch } = options;
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('fetch must be a function.');
  const send: Fetch = async (url, init) => (fetch ?? globalThis.fetch)(url, init);
  return {
    url: serverUrl(options.url),
    fetch: async (address, init) => {
      const response = await send(address, init).catch((cause: unknown) => {
        throw unreachable(cause);
      });
      if (!response.redirected || response.ok) return response;
      // A question that is redirected arrives as another one, or in pieces.
      throw new PorticoError('NETWORK', `${address} is redirected to ${response.url}: use that as url.`, {
        status: response.status,
        retryable: false,
      });
    },
    hasOwnFetch: fetch !== undefined,
    timeoutMs: checkedTimeout(options.timeoutMs),
    retry: checkedRetry(options.retry ?? {}),
    retryBudget: new RetryBudget(),
    headers: async () => plainHeaders(typeof headers === 'function' ? await headers() : headers),
  };
}

/** Headers by their names in small letters. Throws what the platform says of names and values that no header has. */
function plainHeaders(headers: RequestHeaders): Record<string, string> {
  const entries: Iterable<[string, string | undefined]> =
    headers instanceof Headers ? headers : Object.entries<string | undefined>({ ...headers });
  const given = [...entries].filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(new Headers(given));
}
