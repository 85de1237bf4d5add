import { connect, type Socket } from 'node:net';
import { Latencies, type LatencySummary } from '../load/tally.ts';
import { ResponseReader, type SocketResponse } from './response-reader.ts';

/** A load of requests that are written once and sent over and over. */
export interface SocketLoad {
  /** Of a server on this machine. */
  readonly port: number;
  /** Whole requests, head and body, dealt out to the connections; each sends its own over and over. */
  readonly messages: readonly Uint8Array[];
  /** Each sends its next request when the last has its response. */
  readonly connections: number;
  readonly seconds: number;
}

/** What a load found out. Times are milliseconds. */
export interface SocketResult {
  readonly seconds: number;
  /** Responses of status 200. */
  readonly good: number;
  readonly latency: LatencySummary;
  /** How often each status, or the code of a connection's error, came. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The first 32 distinct bodies of responses of status 200. */
  readonly bodies: readonly Uint8Array[];
}

/** Rows may be batched in many ways, each of which rounds differently. */
const maxBodies = 32;
const readBytes = 64 * 1024;
const maxSeconds = 600;
/** No tight loop of attempts to a server that refuses connections. */
const pauseAfterErrorMs = 10;
const timeoutMs = 30_000;

/**
 * A closed loop over plain sockets on 127.0.0.1, for servers that respond within fractions of a millisecond: a request costs it
 * about a tenth of what it costs `closedLoop`, which can do more.
 */
export async function socketLoop(load: SocketLoad): Promise<SocketResult> {
  if (!(load.seconds > 0 && load.seconds <= maxSeconds))
    throw new RangeError(`A load lasts up to ${maxSeconds} s, not ${load.seconds}.`);
  const tally = new SocketTally();
  const startedAt = performance.now();
  const until = startedAt + load.seconds * 1_000;
  const { port, messages, connections } = load;
  const all = Array.from({ length: connections }, (_, index) => {
    const message = messages[index % messages.length] ?? Buffer.alloc(0);
    return runConnection(port, message, until, tally);
  });
  await Promise.all(all);
  return tally.result((performance.now() - startedAt) / 1_000);
}

/** One connection until the end, opened again after every error. */
function runConnection(port: number, message: Uint8Array, until: number, tally: SocketTally): Promise<void> {
  return new Promise((resolve) => {
    const open = (): void => {
      const reader = new ResponseReader();
      let sentAt = 0;
      let failure: string | undefined;
      const send = (): void => {
        sentAt = performance.now();
        socket.write(message);
      };
      const onRead = (byteLength: number, buffer: Uint8Array): boolean => {
        try {
          const response = reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, byteLength));
          if (response === undefined) return true;
          const now = performance.now();
          tally.count(response, now - sentAt);
          if (now < until) send();
          else socket.destroy();
        } catch (error) {
          socket.destroy(error as Error);
        }
        return true;
      };
      const onread = { buffer: Buffer.allocUnsafe(readBytes), callback: onRead };
      const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true, onread });
      socket.setTimeout(timeoutMs, () =>
        socket.destroy(Object.assign(new Error('no response'), { code: 'ETIMEDOUT' })),
      );
      socket.once('connect', send);
      socket.once('end', () => (failure ??= 'closed'));
      socket.once('error', (error: NodeJS.ErrnoException) => (failure ??= error.code ?? error.message));
      socket.once('close', () => {
        if (failure !== undefined && performance.now() < until + timeoutMs) tally.failed(failure);
        if (performance.now() >= until) resolve();
        else setTimeout(open, pauseAfterErrorMs);
      });
    };
    open();
  });
}

class SocketTally {
  readonly #outcomes = new Map<string, number>();
  readonly #latencies = new Latencies();
  readonly #bodies: Buffer[] = [];

  count({ status, body }: SocketResponse, latencyMs: number): void {
    this.failed(String(status));
    if (status !== 200) return;
    this.#latencies.record(latencyMs);
    if (this.#bodies.length < maxBodies && !this.#bodies.some((known) => known.equals(body)))
      this.#bodies.push(Buffer.from(body));
  }

  failed(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  result(seconds: number): SocketResult {
    const latency = this.#latencies.summary();
    const outcomes = Object.fromEntries(this.#outcomes);
    return { seconds, good: latency.count, latency, outcomes, bodies: this.#bodies };
  }
}
