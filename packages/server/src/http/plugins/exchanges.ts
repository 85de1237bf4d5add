import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CancelSignal } from '../../dispatch/job.ts';
import { connectionOf, type HandledRequest } from './connections.ts';

/** A body of at most so many bytes is on its way, as a rule: a request that is refused is answered after it. */
const smallBodyBytes = 64 * 1024;
const smallBodyMs = 1_000;

/** Requests with `Expect: 100-continue` whose body has not been asked for. */
const withheld = new WeakSet<IncomingMessage>();

declare module 'fastify' {
  interface FastifyReply {
    /** Use `exchangeOf`. */
    exchange?: Exchange;
  }
}

/**
 * A request with its response, until the connection is done with both, with one listener for everything that waits for that. It
 * is aborted when the client closes the connection before it has the whole response; an AbortController for each request would
 * take a tenth of the gateway's time.
 */
export class Exchange implements HandledRequest, CancelSignal {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  #ended = false;
  #aborted = false;
  readonly #onEnd: (() => void)[] = [];
  #onAbort: (() => void)[] | undefined;

  constructor(reply: FastifyReply) {
    this.request = reply.request;
    this.reply = reply;
    // A connection ends what it follows. A request that is injected has none.
    if (connectionOf(reply.request.raw.socket)?.follow(this) !== true) reply.raw.once('close', () => this.end());
  }

  /** Calls back once, when the response has been sent or its client has closed the connection; now if that is over. */
  onEnd(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onEnd.push(callback);
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#onAbort ??= [];
    this.#onAbort.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#onAbort?.indexOf(listener) ?? -1;
    if (index !== -1) this.#onAbort?.splice(index, 1);
  }

  end(): void {
    this.#ended = true;
    for (const callback of this.#onEnd) callback();
    if (isDelivered(this.reply.raw)) return;
    this.#aborted = true;
    for (const listener of this.#onAbort?.splice(0) ?? []) listener();
  }
}

export function exchangeOf(reply: FastifyReply): Exchange {
  reply.exchange ??= new Exchange(reply);
  return reply.exchange;
}

/**
 * Remembers the newest request on each connection, for what its parser refuses half-way. Call it before any hook is
 * added: a body can be refused as soon as the headers before it are read, while an earlier hook is still awaited.
 */
export function followExchanges(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    exchangeOf(reply);
    done();
  });
}

/** Asks for the body of a request with `Expect: 100-continue` once its headers have passed every check. */
export function continueAfterHeaders(app: FastifyInstance): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    withheld.add(request);
    app.server.emit('request', request, response);
  });
  // Any other expectation may be ignored (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

  // All checks by header run in onRequest hooks.
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!request.is404 && withheld.delete(request.raw)) reply.raw.writeContinue();
    done(null, payload);
  });
}

/**
 * Whether all of a response was sent, as seen when it closes. Node takes it as finished also when its socket was destroyed
 * with the rest of it.
 */
export function isDelivered({ writableFinished, req }: ServerResponse): boolean {
  // A response that is injected has none.
  const { socket }: { readonly socket?: Socket } = req;
  return writableFinished && !(socket?.destroyed ?? false);
}

/**
 * Says `connection: close` with every response once draining, also with those to requests that came before, and with
 * each that comes before its request has arrived: many clients would take the connection as free, and their next
 * request would be read as the rest of the body.
 */
export function announceLastResponses(app: FastifyInstance, lifecycle: { readonly draining: boolean }): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (lifecycle.draining || isChunkedOld(request.raw)) reply.header('connection', 'close');
    if (request.raw.complete) done();
    else settleBody(request, reply, done);
  });
}

/** RFC 9112, 6.1: its sender may not know where its body ends, so nothing after it is a request. */
const isChunkedOld = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.0' && headers['transfer-encoding'] !== undefined;

/** Waits for what is left of a small body, and says that the connection closes after any other. */
export function settleBody({ raw }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { 'content-length': announced, 'transfer-encoding': encoding } = raw.headers;
  const length = Number(announced ?? (encoding === undefined ? 0 : Infinity));
  if (raw.complete || raw.destroyed || withheld.has(raw) || length > smallBodyBytes) {
    // Whether a withheld body still comes is for the client to decide.
    if (!raw.complete) reply.header('connection', 'close');
    done();
    return;
  }
  let waiting = true;
  const stop = (): void => {
    waiting = false;
    clearTimeout(timer);
    raw.off('end', settle).off('close', settle);
  };
  const settle = (): void => {
    stop();
    if (!raw.complete) reply.header('connection', 'close');
    done();
  };
  const timer = setTimeout(settle, smallBodyMs);
  raw.once('end', settle).once('close', settle);
  // It has been answered without its handler, or its client has left: Fastify would take the response as not sent, and send another.
  exchangeOf(reply).onEnd(() => {
    if (!waiting) return;
    stop();
    reply.hijack();
  });
  // A parser that has stopped reading would hold the rest back.
  raw.unpipe();
  raw.resume();
}
