import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How long the rest of a refused upload is read and discarded, so that the client receives the response. */
const lingerMs = 2_000;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The newest request on each connection. */
const newest = new WeakMap<Socket, Exchange>();
/** Requests with `Expect: 100-continue` whose body has not been asked for. */
const withheld = new WeakSet<IncomingMessage>();
const signals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Remembers the newest request on each connection, for what its parser refuses half-way. Call it before any hook is
 * added: a body can be refused as soon as the headers before it are read, while an earlier hook is still awaited.
 */
export function followConnections(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // A request whose client has already gone has no connection any more.
    const socket: Socket | null = request.raw.socket;
    if (socket !== null) newest.set(socket, { request, reply });
    done();
  });
}

/** The request on this connection whose body has not arrived completely. */
export function exchangeWithOpenBody(socket: Socket): Exchange | undefined {
  const exchange = newest.get(socket);
  return exchange?.request.raw.complete === false ? exchange : undefined;
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
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404 && withheld.delete(request.raw)) reply.raw.writeContinue();
  });
}

/** Aborted when the client closes the connection before it has the whole response. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const known = signals.get(reply.raw);
  if (known !== undefined) return known;
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  signals.set(reply.raw, controller.signal);
  return controller.signal;
}

/**
 * Ends the connection of a request that is answered before its body has arrived. Closing at once would reset the
 * connection under a client that is still sending, and lose the response; reading on without end would invite abuse.
 */
export function closeAfterRefusal(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  if (raw.complete) return;
  if (withheld.has(raw)) {
    // The client decides whether the body still comes, so what follows on this connection could be either.
    reply.header('connection', 'close');
    return;
  }
  // A request whose stream was destroyed has lost its socket.
  const socket: Socket | null = raw.socket;
  reply.raw.once('finish', () => {
    if (raw.complete || socket === null) return;
    const cancel = destroyAfterLinger(socket);
    raw.once('end', cancel);
    // A parser that has stopped reading would hold the rest back.
    raw.unpipe();
    raw.resume();
  });
}

/** Destroys the socket unless it closes, or the returned function is called, within the time to linger. */
export function destroyAfterLinger(socket: Socket): () => void {
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
  const cancel = (): void => clearTimeout(timer);
  socket.once('close', cancel);
  return cancel;
}

/** Says `connection: close` with every response once draining; also with those to requests that came before. */
export function closeWhileDraining(app: FastifyInstance, lifecycle: { readonly draining: boolean }): void {
  app.addHook('onSend', async (_request, reply) => {
    if (lifecycle.draining) reply.header('connection', 'close');
  });
}

/**
 * Follows which connections carry no request, and returns a function that ends those. A closing server waits for every
 * connection except those between two requests: also for one that a browser or load balancer opened ahead and never
 * used, and for one that stopped in the middle of its headers.
 */
export function followUnusedConnections(server: Server): () => void {
  const requests = new Map<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): void => {
    const before = requests.get(socket);
    if (before !== undefined) requests.set(socket, before + change);
  };
  server.on('connection', (socket: Socket) => {
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  return () => {
    for (const [socket, open] of requests) if (open === 0) socket.destroy();
  };
}
