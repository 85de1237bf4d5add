/** Request headers, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** How to send a request; `globalThis.fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How to reach a server. */
export interface PorticoOptions {
  /** Where the server listens, with the path it is mounted under if any: `https://models.example.com`. */
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
}

/** How to make one call. */
export interface CallOptions {
  /** Gives the call up; the server stops working on it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the server gives up, its queue included. It can only shorten the server's own deadline.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
}
