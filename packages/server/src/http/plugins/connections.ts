import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ConnectionLimitOptions, ConnectionLimits } from './connection-limits.ts';
import { WriteProgress } from './write-progress.ts';

/**
 * Requests that wait for their turn on one connection, and as many that are dropped after its last one. Clients that
 * pipeline at all send a handful ahead.
 */
const maxWaiting = 32;

/*
 * After the last response of a connection, what the client still sends is read and dropped: closing at once would reset
 * the connection under a client that is still sending, and lose the response; reading without end would invite abuse.
 */
/** Time for everything. */
const maxLingerMs = 30_000;
/** Time in which nothing comes. */
const maxLingerIdleMs = 5_000;
const maxLingerBytes = 256 * 1024 * 1024;

/** How often within `unreadMs` it is seen what clients have taken, and how many of these times make a response stalled. */
const looksPerUnread = 12;
const stalledLooks = 2;

/** Refused connections that close in order: a request that is on its way would reset others before they read the answer. */
const maxRefused = 64;

const connections = new WeakMap<Socket, Connection>();

/** The connection of a request; undefined once its client has left. */
export function connectionOf(socket: Socket | null): Connection | undefined {
  return socket === null ? undefined : connections.get(socket);
}

/** A request that is being handled, as Fastify knows it. */
export interface HandledRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The response is over: sent, or its client has left. */
  end(): void;
}

export interface ConnectionOptions extends ServerOptions {
  /** A response of which the client takes next to nothing for so long ends its connection. */
  readonly unreadMs: number;
  /** What a connection gets for which there is no place. */
  readonly refusal: (socket: Socket) => Uint8Array;
}

/** Every connection of a server. */
export class Connections {
  readonly #open = new Set<Connection>();
  readonly #refused = new Set<Connection>();
  readonly #limits: ConnectionLimits;

  constructor(limits: ConnectionLimitOptions) {
    this.#limits = new ConnectionLimits(limits);
  }

  /** A server that hands requests to `handle`, on each connection one after another. It does not listen. */
  createServer(handle: RequestListener, { unreadMs, refusal, ...options }: ConnectionOptions): Server {
    const server = createServer(options);
    server.on('connection', (socket: Socket) => {
      const { remoteAddress = '' } = socket;
      const connection = new Connection(socket, handle, unreadMs, () => {
        this.#open.delete(connection);
        this.#refused.delete(connection);
        this.#limits.remove(connection, remoteAddress);
      });
      connections.set(socket, connection);
      this.#open.add(connection);
      if (this.#limits.add(connection, remoteAddress)) return;
      if (this.#refused.size < maxRefused) this.#refused.add(connection);
      else socket.once('finish', () => socket.destroy());
      connection.closeWith(refusal(socket));
    });
    server.on('request', (request, response) => connectionOf(request.socket)?.receive(request, response));
    // With a listener for it, Node leaves it to us to end connections that are idle for too long.
    server.setTimeout(unreadMs, (socket: Socket) => connectionOf(socket)?.onTimeout());
    const looking = setInterval(() => this.#endUnread(), unreadMs / looksPerUnread).unref();
    server.once('close', () => clearInterval(looking));
    return server;
  }

  /** What a client sends meanwhile does not count, so the socket's own timeout would not do. */
  #endUnread(): void {
    const now = performance.now();
    for (const connection of this.#open) connection.endIfUnread(now);
  }

  /**
   * Ends the connections that carry no request. A closing server waits for every connection except those between two
   * requests: also for one that a browser or load balancer opened ahead and never used, for one that stopped in the
   * middle of its headers, and for one whose client does not close its side.
   */
  closeUnused(): void {
    for (const connection of this.#open) if (connection.isUnused) connection.destroy();
  }
}

/**
 * One connection, from its opening to its end. Its requests are handled one after another. Node would let them overlap,
 * and emits no `close` for a response that has not got the socket when the client leaves; so everything that hangs on
 * it (leases, signals, log lines, open files) would stay for ever. Here, each response that is handled has the socket:
 * its `close` always comes, and is the end of the exchange.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #handle: RequestListener;
  #current: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined;
  readonly #waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
  /** What comes after the requests that are here already is dropped. */
  #isLast = false;
  #dropped = 0;
  #closing: NodeJS.Timeout | undefined;
  #bytesBeforeClosing = 0;
  #exchange: HandledRequest | undefined;
  readonly #unreadMs: number;
  readonly #progress: WriteProgress;

  constructor(socket: Socket, handle: RequestListener, unreadMs: number, onClose: () => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#unreadMs = unreadMs;
    this.#progress = new WriteProgress(socket);
    // Node calls it after a response with `connection: close`; its own resets a connection over which data still comes.
    socket.destroySoon = () => this.close();
    socket.once('close', () => {
      clearTimeout(this.#closing);
      this.#isLast = true;
      this.#waiting.length = 0;
      onClose();
    });
  }

  /** No request is handled here now. */
  get isUnused(): boolean {
    return this.#current === undefined && this.#waiting.length === 0;
  }

  /** The request that is being handled has not arrived completely. */
  get isArriving(): boolean {
    return this.#current?.request.complete === false;
  }

  /** The client has been taking next to nothing of a response for some time. */
  get isStalled(): boolean {
    const now = performance.now();
    this.#progress.look(now);
    return this.#progress.stalledMs(now) >= (this.#unreadMs * stalledLooks) / looksPerUnread;
  }

  /** Ends it when the client takes too little of a response for too long. */
  endIfUnread(now: number): void {
    this.#progress.look(now);
    if (this.#progress.stalledMs(now) >= this.#unreadMs) this.destroy();
  }

  /** Takes what Fastify made of the request that is being handled, to end it; false where it is another one. */
  follow(exchange: HandledRequest): boolean {
    if (exchange.request.raw !== this.#current?.request) return false;
    this.#exchange = exchange;
    return true;
  }

  /** The request that is being handled, if its body has not arrived completely. */
  get exchangeInArrival(): HandledRequest | undefined {
    return this.isArriving ? this.#exchange : undefined;
  }

  /** It is being closed; nothing that comes is a request. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Handles a request when those before it on this connection have been answered. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    // The parser finishes the piece of data that it has.
    if (this.#socket.destroyed) return;
    if (this.#isLast) {
      this.#dropped += 1;
      // Node keeps every request that it has parsed until it is answered.
      if (this.#dropped > maxWaiting) this.destroy();
      else this.#drop(request);
    } else if (this.#current === undefined) {
      this.#serve(request, response);
    } else if (bodyBytes(request) >= request.readableHighWaterMark) {
      // Reading stops before a body that nobody takes, and hides that the client leaves. It may send the request again:
      // RFC 9112, 9.3.2.
      this.#isLast = true;
      this.#drop(request);
    } else if (this.#waiting.length < maxWaiting) {
      this.#waiting.push({ request, response });
    } else {
      this.destroy();
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#current = { request, response };
    response.once('close', this.#onResponseClose);
    this.#handle(request, response);
  }

  readonly #onResponseClose = (): void => {
    const { request } = this.#current ?? {};
    const exchange = this.#exchange;
    this.#current = undefined;
    // It may hold an upload.
    this.#exchange = undefined;
    exchange?.end();
    if (this.#socket.destroyed || this.isClosing) return;
    if (request?.complete === false) {
      // The rest of its body could not be told from the next request.
      this.close();
    } else if (this.#waiting.length > 0) {
      // After everything else that ends with the response.
      process.nextTick(this.#serveNext);
    } else if (this.#isLast) {
      this.close();
    }
  };

  readonly #serveNext = (): void => {
    const next = this.#waiting.shift();
    if (next !== undefined) this.#serve(next.request, next.response);
  };

  /** Takes no more requests: the connection closes after the responses to those that are here. */
  endAfterCurrent(): void {
    this.#isLast = true;
    if (this.#current === undefined) this.close();
  }

  /** As `endAfterCurrent`, for a connection of which Node has let go: nothing else would tell a response to go on. */
  endWithoutParser(): void {
    this.#socket.on('drain', () => this.#current?.response.emit('drain'));
    this.#socket.once('end', () => this.#socket.end());
    this.endAfterCurrent();
  }

  /** Sends an answer past the response that is being handled, whose exchange is over with it, and closes in order. */
  closeWith(answer: Uint8Array): void {
    const { response } = this.#current ?? {};
    this.#socket.write(answer);
    this.close();
    response?.emit('close');
  }

  /** Closes in order: sends what is being sent, then drops what comes until the client closes its side, within bounds. */
  close(): void {
    if (this.isClosing) return;
    this.#isLast = true;
    this.#waiting.length = 0;
    const socket = this.#socket;
    this.#bytesBeforeClosing = socket.bytesRead;
    this.#closing = setTimeout(() => socket.destroy(), maxLingerMs).unref();
    socket.setTimeout(maxLingerIdleMs);
    socket.end();
    if (this.#current !== undefined) this.#drop(this.#current.request);
  }

  /** Nothing has been sent or received for as long as the socket may be idle. */
  onTimeout(): void {
    // A request that is being handled has other bounds, and so has its response.
    if (this.isUnused || this.isClosing) this.destroy();
  }

  /** Reads a body to its end and drops it. A parser of it that has stopped reading would hold the rest back. */
  #drop(request: IncomingMessage): void {
    if (request.complete) return;
    request.unpipe();
    request.on('data', this.#onDropped);
    request.resume();
  }

  readonly #onDropped = (): void => {
    if (this.isClosing && this.#socket.bytesRead - this.#bytesBeforeClosing > maxLingerBytes) this.destroy();
  };
}

const bodyBytes = ({ headers }: IncomingMessage): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Infinity;
