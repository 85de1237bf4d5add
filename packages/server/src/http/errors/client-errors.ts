import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '@portico/schemas';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { connectionOf } from '../plugins/connections.ts';
import { requestId } from '../plugins/request-log.ts';
import { errorResponse, type ErrorResponse } from './error-response.ts';

/**
 * Answers what Node's HTTP parser refuses: a request that is too slow, has too large a head, or is no HTTP at all.
 * @param headers of every response, whatever its request.
 */
export function answerClientError(
  app: FastifyInstance,
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  const failure = failureOf(error.code);
  const connection = connectionOf(socket);
  if (connection === undefined || failure.code === 'CANCELLED' || !socket.writable) {
    if (connection?.exchangeInArrival !== undefined) connection.exchangeInArrival.request.failure ??= failure;
    socket.destroy();
    return;
  }
  // What still comes over a connection that has been answered is ignored.
  if (connection.isClosing) return;
  const { exchangeInArrival: exchange } = connection;
  if (exchange === undefined && !connection.isUnused) {
    // It came behind a request that is being handled, whose client would take the answer for that to it.
    connection.endAfterCurrent();
    return;
  }
  // A request whose headers have passed is logged with all others.
  const id = exchange?.request.id ?? randomUUID();
  if (exchange !== undefined) exchange.request.failure ??= failure;
  else app.log.info({ requestId: id, code: failure.code }, failure.message);
  if (exchange?.reply.raw.headersSent === true) {
    socket.destroy();
    return;
  }
  const response = errorResponse(failure, { id, url: exchange?.request.url }, app.protocols.errorFormats);
  connection.closeWith(bytesOf(response, { ...headers, 'x-request-id': id }));
}

/** How often a log says that connections are refused. */
const refusalsLoggedMs = 10_000;

/**
 * What connections are answered for which there is no place.
 * @param headers of every response, whatever its request.
 */
export function connectionRefusal(log: FastifyBaseLogger, headers: Readonly<Record<string, string>>) {
  let loggedAt = -Infinity;
  let refused = 0;
  return (socket: Socket): Uint8Array => {
    const failure = new Failure(
      'OVERLOADED',
      'The server, or this address, has as many connections as MAX_CONNECTIONS allows. Try again later.',
      {
        retryAfterSeconds: 1,
      },
    );
    refused += 1;
    if (performance.now() - loggedAt > refusalsLoggedMs) {
      log.warn(
        { code: failure.code, refused, address: socket.remoteAddress },
        'Connections are refused: there are MAX_CONNECTIONS, or half as many from one address.',
      );
      loggedAt = performance.now();
      refused = 0;
    }
    const id = randomUUID();
    const response = errorResponse(failure, { id }, new Map());
    return bytesOf(response, { ...headers, 'x-request-id': id });
  };
}

/**
 * Answers CONNECT, for which Node would close the connection without a response. The server is not a proxy.
 * @param headers of every response, whatever its request.
 */
export function refuseTunnels(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const id = requestId(request);
    const failure = new Failure(
      'METHOD_NOT_ALLOWED',
      'The server is not a proxy and does not support CONNECT. Use GET, HEAD or POST.',
    );
    app.log.info({ requestId: id, code: failure.code }, failure.message);
    // Node hands the connection over with nobody listening for its errors; one that breaks needs no answer.
    socket.on('error', () => socket.destroy());
    socket.on('timeout', () => socket.destroy());
    const connection = connectionOf(socket);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    // From here on, what comes is dropped.
    socket.resume();
    if (connection.isClosing) return;
    if (!connection.isUnused) {
      // It came behind a request that is being handled, whose client would take the answer for that to it.
      connection.endWithoutParser();
      return;
    }
    const response = errorResponse(failure, { id }, new Map());
    connection.closeWith(bytesOf(response, { ...headers, 'x-request-id': id, allow: 'GET, HEAD, POST' }));
  });
}

function failureOf(code: string | undefined): Failure {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Failure('REQUEST_TIMEOUT', 'The request took too long to arrive.');
    case 'HPE_HEADER_OVERFLOW':
      return new Failure('HEADERS_TOO_LARGE', 'The request line and headers are too large.');
    case 'ECONNRESET':
    case 'EPIPE':
    // The connection ended in the middle of a request.
    case 'HPE_INVALID_EOF_STATE':
      return new Failure('CANCELLED', 'The client closed the connection.');
    default:
      return new Failure('BAD_INPUT', 'The request is not valid HTTP.');
  }
}

function bytesOf({ status, headers, body }: ErrorResponse, moreHeaders: Readonly<Record<string, string>>): Uint8Array {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-length: ${body.length}`,
    ...Object.entries({ ...headers, ...moreHeaders }).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
