/** Request headers: an object, in which what is undefined is left out, or `Headers`. */
export type RequestHeaders = Readonly<Record<string, string | undefined>> | Headers;

/** How to send a request; `globalThis.fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** When to try again. Only what may succeed later without being changed is tried again: see `PorticoError.retryable`. */
export interface RetryOptions {
  /**
   * Tries in all.
   * @default 3
   */
  readonly attempts?: number | undefined;
  /**
   * The longest pause before the second try, in milliseconds; it doubles with each further one. The pause itself is
   * random, from nothing to that, and at least what the server asks for in `Retry-After`.
   * @default 200
   */
  readonly firstDelayMs?: number | undefined;
  /**
   * The longest pause ever, in milliseconds. A server that asks for more is not asked again.
   * @default 20000
   */
  readonly longestDelayMs?: number | undefined;
}

/** How to reach a server. */
export interface PorticoOptions {
  /**
   * Where the server listens, with the path it is mounted under if any: `https://models.example.com`. One
   * that begins with a slash is on the page's own origin: a client of it can be made anywhere, and called in a browser.
   */
  readonly url: string | URL;
  /** Sent with every request; a function is asked for each one. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined;
  /**
   * Sends the requests.
   * @default globalThis.fetch
   */
  readonly fetch?: Fetch | undefined;
  /**
   * The deadline of every call that names none, in milliseconds.
   * @default the server's own
   */
  readonly timeoutMs?: number | undefined;
  /**
   * When to try again; `false` is never. While most calls fail, none is tried again: ten tries are in hand, and each
   * success earns a tenth of one.
   */
  readonly retry?: RetryOptions | false | undefined;
}

/** How to make one call. */
export interface CallOptions {
  /** Gives the call up; the server stops working on it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for everything: reading and sending the input, the server's queue and work, all tries and the pauses between them.
   * It can only shorten the server's own deadline.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /** @default the client's `retry` */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * The W3C trace context to go on with, as a request's `traceparent` header has it. A malformed one is left out.
   * https://www.w3.org/TR/trace-context/#traceparent-header
   */
  readonly traceparent?: string | null | undefined;
}

/** How much of an upload is sent, in bytes. */
export interface UploadProgress {
  readonly loaded: number;
  readonly total: number;
}

/** How to make one call that uploads a file. */
export interface UploadOptions extends CallOptions {
  /**
   * Hears how the upload gets on, where the platform can tell: in browsers, whose XMLHttpRequest then sends it, unless the
   * client has a `fetch` of its own. Elsewhere it is not called.
   */
  readonly onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** How to make a batch of calls. `timeoutMs` and `retry` are those of each single call. */
export interface BatchOptions extends CallOptions {
  /**
   * Calls under way at a time.
   * @default 4
   */
  readonly concurrency?: number | undefined;
}
