import { PorticoError } from '../errors/portico-error.ts';
import { unreachable } from '../errors/response-error.ts';
import { nodeSignal } from '../files/node.ts';
import { requireClientOptions } from '../option-names.ts';
import type { Fetch, Listeners, PorticoOptions, RequestHeaders, RetryOptions } from '../options.ts';
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
  readonly listeners: Listeners;
  /** The headers in the options of the client. */
  headers(): Promise<Record<string, string>>;
}

/** What the headers of one request say besides those in the options of the client. */
export interface HeaderFacts {
  /** Milliseconds left. */
  readonly timeoutMs: number | undefined;
  readonly traceparent: string | null | undefined;
}

const needsUrl = "A client needs the url of a server: { url: 'http://localhost:8000' }.";

/** Version, trace, parent and flags. https://www.w3.org/TR/trace-context/#traceparent-header */
const traceContext = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/**
 * Reads the options of a client.
 *
 * @throws {TypeError} if one of them is unknown or invalid.
 */
export function connect(options: PorticoOptions): Connection {
  if (typeof options !== 'object' || options === null) throw new TypeError(needsUrl);
  requireClientOptions(options);
  const { headers = {}, fetch, apiKey = '', onRetry, onResponse } = options;
  if (typeof apiKey !== 'string') throw new TypeError('apiKey must be text.');
  // `headers` may have another.
  const key = plainHeaders({ 'x-api-key': apiKey || undefined });
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('fetch must be a function.');
  const ownFetch: Fetch = async (url, init) => (fetch ?? globalThis.fetch)(url, init);
  const send: Fetch = async (url, init) =>
    ownFetch(url, init).catch((error: unknown) => {
      // Node's fetch sends nothing with a signal of jsdom, which is what there is in some test environments.
      const signal = isRefusalOfSignal(error) && init.signal ? nodeSignal(init.signal) : undefined;
      if (signal === undefined) throw error;
      return ownFetch(url, { ...init, signal });
    });
  return {
    url: serverUrl(options.url),
    fetch: async (address, init) => {
      // A redirect would take the API key along, and a POST arrives as a GET or without its body.
      const response = await send(address, { ...init, redirect: 'manual' }).catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const { status, redirected, ok } = response;
      // Not every fetch stops at a redirect, and browsers do not say where it leads.
      const target = redirected
        ? response.url
        : response.type === 'opaqueredirect'
          ? 'another address'
          : status < 400 && response.headers.get('location');
      if (ok || !target) return response;
      throw new PorticoError('NETWORK', `${address} is redirected to ${target}: use that as url.`, {
        status,
        retryable: false,
      });
    },
    hasOwnFetch: fetch !== undefined,
    timeoutMs: validateTimeout(options.timeoutMs),
    retry: validateRetry(options.retry ?? {}),
    retryBudget: new RetryBudget(),
    listeners: { onRetry, onResponse },
    headers: async () => ({ ...key, ...plainHeaders(typeof headers === 'function' ? await headers() : headers) }),
  };
}

const isRefusalOfSignal = (error: unknown): boolean => /^TypeError: .*\bAbortSignal\b/.test(String(error));

/**
 * The url of a server, without a slash at its end. Without a page, a url that starts with a slash stays as it is: modules of
 * a browser's program are also loaded on servers, which render it.
 */
function serverUrl(url: unknown): string {
  if (typeof url !== 'string' && !(url instanceof URL)) throw new TypeError(needsUrl);
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

/** @throws {TypeError} if there is no fetch, or if the url is relative to a page and there is none. */
export function requireFetch({ url, hasOwnFetch }: Pick<Connection, 'url' | 'hasOwnFetch'>): void {
  if (hasOwnFetch) return;
  if (typeof globalThis.fetch !== 'function')
    throw new TypeError('There is no fetch here: give one, createPortico({ url, fetch }).');
  if (!/^https?:/.test(url))
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

/** What the name of a header can be (RFC 9110, 5.6.2), and its value: Latin-1 in one line. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
// oxlint-disable-next-line no-control-regex -- these are what a value cannot have
const notInHeader = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * Headers by their lower-case names. Not by the platform's `Headers`, which some test environments lack.
 *
 * @throws {TypeError} for what is no name or value of a header.
 */
function plainHeaders(headers: RequestHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  // Programs without types give numbers too.
  const set = (name: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    const text = String(value).trim();
    if (!headerName.test(name)) throw new TypeError(`"${name}" is no name of a header.`);
    if (notInHeader.test(text)) throw new TypeError(`The header ${name} has a character that no header can have.`);
    plain[name.toLowerCase()] = text;
  };
  if (isHeaders(headers)) headers.forEach((value, name) => set(name, value));
  else for (const [name, value] of Object.entries(headers)) set(name, value);
  return plain;
}

/** Of this realm or another. */
const isHeaders = (headers: RequestHeaders): headers is Headers => typeof headers.forEach === 'function';
