import type { PorticoError } from './errors/portico-error.ts';

/** Request headers: `Headers`, or an object, whose undefined values are left out. */
export type RequestHeaders = Readonly<Record<string, string | undefined>> | Headers;

/** Sends a request, as `globalThis.fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One retry that is about to happen. */
export interface RetryInfo {
  /** Why the last request failed. */
  readonly error: PorticoError;
  /** 1 for the first retry. */
  readonly retry: number;
  /** Milliseconds until the retry. */
  readonly delayMs: number;
}

/** How to retry. Only errors whose `PorticoError.retryable` is true are retried. */
export interface RetryOptions {
  /**
   * Maximum number of retries, not counting the first request.
   * @default 2
   */
  readonly maxRetries?: number | undefined;
  /**
   * Maximum delay before the first retry, in milliseconds. It doubles with each further retry. The delay itself is random,
   * between zero and this, and added to what the server asks for in `Retry-After`.
   * @default 200
   */
  readonly initialDelayMs?: number | undefined;
  /**
   * Maximum delay before any retry, in milliseconds. If the server asks for more, there is no retry.
   * @default 20000
   */
  readonly maxDelayMs?: number | undefined;
}

/** What is called as a call proceeds, for logs and metrics: the listeners of the client first, then those of the call. */
export interface Listeners {
  /** Called before the delay of each retry. */
  readonly onRetry?: ((info: RetryInfo) => void) | undefined;
  /** Called with each response, a retry's too, before its body is read. */
  readonly onResponse?: ((info: ResponseInfo) => void) | undefined;
}

/** How to reach a server. */
export interface PorticoOptions extends Listeners {
  /**
   * The address of the server, with the path it is mounted under if any: `https://models.example.com`. A url that starts
   * with a slash is relative to the page: such a client can be created anywhere, but called in a browser only.
   */
  readonly url: string | URL;
  /** The API key, sent as `x-api-key` with every request. Leave it out in browsers: everybody can read it there. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. A function is called for each request. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined;
  /**
   * Sends the requests.
   * @default globalThis.fetch
   */
  readonly fetch?: Fetch | undefined;
  /**
   * Timeout in milliseconds of every call that sets none.
   * @default the server's own
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How to retry; `false` never retries. All calls of a client share a budget of ten retries, and ten successes earn one
   * more, so a server that is down is not flooded.
   */
  readonly retry?: RetryOptions | false | undefined;
}

/** What the headers of one response say about its request. */
export interface ResponseInfo {
  /** The HTTP status. */
  readonly status: number;
  /** Finds the request in the server's log; undefined if the response is not the server's. */
  readonly requestId: string | undefined;
  /**
   * Milliseconds on the server by phase, from the `server-timing` header: `queue`, `decode`, `inference` and `postprocess`.
   * Empty for streams, and for calls that have not run.
   */
  readonly timing: Readonly<Record<string, number>>;
  /** Codes of the output's warnings, which `blob` and `image` cannot show. `models()` says what each means. Empty for streams. */
  readonly warnings: readonly string[];
}

/** Options of one call. */
export interface CallOptions extends Listeners {
  /** Aborts the call. The server stops working on it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Timeout in milliseconds for everything: reading and sending the input, the server's queue and run, all retries and
   * their delays. It can only shorten the server's own timeout.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /** @default the client's `retry` */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * The W3C trace context to continue, as in the `traceparent` header of a request. A malformed one is ignored.
   * https://www.w3.org/TR/trace-context/#traceparent-header
   */
  readonly traceparent?: string | null | undefined;
}

/** Progress of an upload, in bytes. */
export interface UploadProgress {
  readonly loaded: number;
  readonly total: number;
}

/** Options of one call that uploads a file. */
export interface UploadOptions extends CallOptions {
  /**
   * Called as the upload proceeds. Browsers only, where XMLHttpRequest then sends the file; not called if the client has a
   * `fetch` of its own.
   */
  readonly onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** Options of a batch. `timeoutMs` and `retry` apply to each call. */
export interface BatchOptions extends CallOptions {
  /**
   * Maximum number of calls running at a time.
   * @default 4
   */
  readonly concurrency?: number | undefined;
}
