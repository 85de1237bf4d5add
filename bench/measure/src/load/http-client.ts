import http, { type IncomingHttpHeaders } from 'node:http';

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** One request of a load. */
export interface LoadRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** The same request every time, or one made for each turn, counted from 0. */
export type RequestSource = LoadRequest | ((turn: number) => LoadRequest);

export interface LoadResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Returns or throws what is wrong with a response, `undefined` where nothing is. Called for every response, whatever its status. */
export type Check = (response: LoadResponse) => string | undefined;

export const requestAt = (source: RequestSource, turn: number): LoadRequest =>
  typeof source === 'function' ? source(turn) : source;

export interface HttpClientOptions {
  readonly url: string;
  /** Connections kept open and reused; more requests than these wait for one. */
  readonly maxConnections: number;
  /** A request fails with `ETIMEDOUT` after this long without any network activity. */
  readonly timeoutMs: number;
}

/** Sends requests over kept-alive connections. */
export class HttpClient {
  readonly #agent: http.Agent;
  readonly #url: URL;
  readonly #timeoutMs: number;

  constructor({ url, maxConnections, timeoutMs }: HttpClientOptions) {
    this.#url = loopbackUrl(url);
    this.#timeoutMs = timeoutMs;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections });
  }

  /** Resolves with any complete response, whatever its status; rejects with the connection's error. */
  send({ method = 'POST', path, headers = {}, body }: LoadRequest): Promise<LoadResponse> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          agent: this.#agent,
          // URL writes IPv6 addresses in brackets, which no resolver takes.
          host: this.#url.hostname.replace(/^\[|\]$/g, ''),
          port: this.#url.port,
          method,
          path,
          headers: body === undefined ? headers : { ...headers, 'content-length': body.byteLength },
          timeout: this.#timeoutMs,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
          response.once('error', reject);
        },
      );
      request.once('timeout', () => request.destroy(Object.assign(new Error('no response'), { code: 'ETIMEDOUT' })));
      request.once('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/**
 * The URL of a server on this machine. Load never goes to another machine.
 * @throws {TypeError} for any other host or protocol.
 */
export function loopbackUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' || !loopbackHosts.has(url.hostname)) {
    throw new TypeError(`${text} is not a server on this machine; load is put on http://127.0.0.1 only.`);
  }
  return url;
}
