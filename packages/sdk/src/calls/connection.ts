import { PorticoError } from '../errors/portico-error.ts';
import { unreachable } from '../errors/response-error.ts';
import type { Fetch, PorticoOptions, RequestHeaders, RetryOptions } from '../options.ts';
import { validateTimeout } from './deadline.ts';
import { RetryBudget, validateRetry } from './retry.ts';

/** A server and how to send requests to it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  /** Rejects with a `PorticoError`. */
  readonly fetch: Fetch;
  /** The options of the client have a `fetch`. */
  readonly hasOwnFetch: boolean;
  readonly timeoutMs: number | undefined;
  readonly retry: RetryOptions | false;
  readonly retryBudget: RetryBudget;
  /** The headers in the options of the client. */
  headers(): Promise<Record<string, string>>;
}

/** What the headers of one request say besides those in the options of the client. */
export interface HeaderFacts {
  /** Milliseconds left. */
  readonly timeoutMs: number | undefined;
  readonly traceparent: string | null | undefined;
}

/** Version, trace, parent and flags. https://www.w3.org/TR/trace-context/#traceparent-header */
const traceContext = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/**
 * Reads the options of a client.
 *
 * @throws {TypeError} if the url, the fetch, the timeout or the retry options are invalid.
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
      // A redirected POST arrives as a GET, or without its body.
      throw new PorticoError('NETWORK', `${address} is redirected to ${response.url}: use that as url.`, {
        status: response.status,
        retryable: false,
      });
    },
    hasOwnFetch: fetch !== undefined,
    timeoutMs: validateTimeout(options.timeoutMs),
    retry: validateRetry(options.retry ?? {}),
    retryBudget: new RetryBudget(),
    headers: async () => plainHeaders(typeof headers === 'function' ? await headers() : headers),
  };
}

/**
 * The url of a server, without a slash at its end. Without a page, a url that starts with a slash stays as it is: modules of
 * a browser's program are also loaded on servers, which render it.
 */
function serverUrl(url: unknown): string {
  if (typeof url !== 'string' && !(url instanceof URL)) throw new TypeError('createPortico needs the url of a server.');
  const address = parseUrl(String(url));
  if (address === undefined && /^\/(?!\/)/.test(String(url))) return withoutLastSlash(String(url));
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new TypeError(
      `The url must look like http://localhost:8000, not "${String(url).replace(/\/\/.*@/, '//…@')}".`,
    );
  }
  if (`${address.username}${address.password}${address.search}` !== '') {
    throw new TypeError('The url must not have a user, a password or a query: use headers.');
  }
  return `${address.origin}${withoutLastSlash(address.pathname)}`;
}

const withoutLastSlash = (path: string): string => path.replace(/\/+$/, '');

/** In a browser a url may be relative to the page. */
function parseUrl(url: string): URL | undefined {
  const { location } = globalThis as { location?: { href?: string } };
  try {
    return new URL(url, location?.href);
  } catch {
    return undefined;
  }
}

/** @throws {TypeError} if the url is relative to a page and there is none. */
export function requirePage({ url, hasOwnFetch }: { readonly url: string; readonly hasOwnFetch: boolean }): void {
  if (hasOwnFetch || /^https?:/.test(url)) return;
  throw new TypeError(`"${url}/" is relative to a page, and there is none: use an absolute url.`);
}

/** The headers of one request. */
export async function requestHeaders(
  connection: Connection,
  { timeoutMs, traceparent }: HeaderFacts,
): Promise<Record<string, string>> {
  return {
    ...(await connection.headers()),
    ...(timeoutMs === undefined ? {} : { 'x-timeout-seconds': secondsText(timeoutMs) }),
    ...(traceContext.test(traceparent ?? '') ? { traceparent: String(traceparent) } : {}),
  };
}

/** Decimal seconds without an exponent, from a millionth to the maximum that the server reads. */
const secondsText = (timeoutMs: number): string =>
  String(Number(Math.min(Math.max(timeoutMs / 1000, 1e-6), 999_999_999).toFixed(6)));

/** Headers by their lower-case names. Throws the platform's error for invalid names and values. */
function plainHeaders(headers: RequestHeaders): Record<string, string> {
  const entries: Iterable<[string, string | undefined]> =
    headers instanceof Headers ? headers : Object.entries<string | undefined>({ ...headers });
  const given = [...entries].filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(new Headers(given));
}
