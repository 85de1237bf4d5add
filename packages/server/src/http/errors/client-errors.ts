import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '@portico/schemas';
import type { FastifyInstance } from 'fastify';
import { destroyAfterLinger, exchangeWithOpenBody } from '../plugins/connections.ts';
import { requestId } from '../plugins/request-log.ts';
import { errorResponse, type ErrorResponse } from './error-response.ts';

/** Connections that have been answered. What still comes over them is ignored. */
const answered = new WeakSet<Socket>();

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
  if (answered.has(socket)) return;
  answered.add(socket);
  const failure = failureOf(error.code);
  // A request whose headers have passed is logged with all others.
  const exchange = exchangeWithOpenBody(socket);
  const id = exchange?.request.id ?? randomUUID();
  if (exchange !== undefined) exchange.request.failure ??= failure;
  else if (failure.code !== 'CANCELLED') app.log.info({ requestId: id, code: failure.code }, failure.message);
  if (failure.code === 'CANCELLED' || !socket.writable || exchange?.reply.raw.headersSent === true) {
    socket.destroy();
    return;
  }
  const response = errorResponse(failure, { id, url: exchange?.request.url }, app.protocols.errorFormats);
  socket.end(bytesOf(response, { ...headers, 'x-request-id': id }));
  // The parser has detached from the connection, so nothing else would ever close it.
  destroyAfterLinger(socket);
}

/**
 * Answers CONNECT, for which Node would close the connection without a word. The server is no proxy.
 * @param headers of every response, whatever its request.
 */
export function refuseTunnels(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const id = requestId(request);
    const failure = new Failure('METHOD_NOT_ALLOWED', 'This server is no proxy: it does not support CONNECT.');
    app.log.info({ requestId: id, code: failure.code }, failure.message);
    // Node hands the connection over with nobody listening for its errors; one that breaks needs no answer.
    socket.on('error', () => socket.destroy());
    socket.end(
      bytesOf(errorResponse(failure, { id }, new Map()), { ...headers, 'x-request-id': id, allow: 'GET, HEAD, POST' }),
    );
    destroyAfterLinger(socket);
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
