import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '../../harness/server-process.ts';

/** What a client sends again and again. */
export interface Sent {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface ClientOptions {
  /** Loopback has many addresses, and each is a client. */
  readonly address?: string;
  readonly key?: string;
  readonly connections: number;
  readonly sent: Sent;
  /** Leaves so long after it has sent a request, without waiting for its response. */
  readonly leavesAfterMs?: number;
}

/** Before a client tries again that was refused; it ignores Retry-After. */
const refusedPauseMs = 20;

/** One client: kept connections, each of which sends the same over and over, at once after each response. */
export class BusyClient implements AsyncDisposable {
  /** Responses by status, and errors by code. */
  readonly counts = new Map<string, number>();
  readonly retryAfterSeconds = new Set<string>();
  readonly #server: ServerProcess;
  readonly #options: ClientOptions;
  readonly #agent: http.Agent;
  readonly #loops: Promise<unknown>;
  #stopping = false;

  constructor(server: ServerProcess, options: ClientOptions) {
    this.#server = server;
    this.#options = options;
    const { address, connections } = options;
    this.#agent = new http.Agent({
      keepAlive: true,
      maxSockets: connections,
      ...(address === undefined ? {} : { localAddress: address }),
    });
    this.#loops = Promise.all(Array.from({ length: connections }, () => this.#loop()));
  }

  get good(): number {
    return this.counts.get('200') ?? 0;
  }

  /** Responses with status 200 in so many seconds from now, for each second. */
  async rate(seconds: number): Promise<number> {
    const before = this.good;
    const startedAt = performance.now();
    await sleep(seconds * 1_000);
    return ((this.good - before) * 1_000) / (performance.now() - startedAt);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    this.#agent.destroy();
    await this.#loops;
  }

  async #loop(): Promise<void> {
    while (!this.#stopping) {
      const outcome = await this.#send();
      this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
      if (outcome !== '200') await sleep(refusedPauseMs);
    }
  }

  #send(): Promise<string> {
    const { sent, key, leavesAfterMs } = this.#options;
    const { port } = this.#server;
    const headers = { ...sent.headers, ...(key === undefined ? {} : { 'x-api-key': key }) };
    return new Promise((resolve) => {
      const request = http.request({
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: sent.path,
        agent: this.#agent,
        headers,
      });
      const timer = leavesAfterMs === undefined ? undefined : setTimeout(() => request.destroy(), leavesAfterMs);
      const end = (outcome: string): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      request.on('response', (response) => {
        const retryAfter = response.headers['retry-after'];
        if (retryAfter !== undefined) this.retryAfterSeconds.add(retryAfter);
        response.resume();
        response.on('end', () => end(String(response.statusCode)));
        response.on('error', () => end('lost'));
      });
      request.on('error', () => end('lost'));
      request.end(sent.body);
    });
  }
}

export const json = (path: string, input: unknown): Sent => ({
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ input }),
});

export const describeCounts = ({ counts }: BusyClient): string => JSON.stringify(Object.fromEntries(counts));
