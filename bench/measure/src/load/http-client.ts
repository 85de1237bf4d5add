import http from 'node:http';
import { loopbackUrl } from './loopback.ts';
import type { LoadAnswer, LoadRequest } from './request.ts';

export interface HttpClientOptions {
  readonly url: string;
  /** Connections kept open and reused; more requests than these wait for one. */
  readonly maxConnections: number;
  /** A request without any sign of life for this long is given up with `ETIMEDOUT`. */
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

  /** Resolves with any complete answer, whatever its status; rejects with the connection's error. */
  send({ method = 'POST', path, headers = {}, body }: LoadRequest): Promise<LoadAnswer> {
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
      request.once('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
      request.once('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
