import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '@portico/schemas';
import type { FastifyBaseLogger } from 'fastify';
import { destroyAfterLinger, exchangeWithOpenBody } from '../plugins/connections.ts';
import { errorResponse, type FailedRequest } from './error-response.ts';

/** Connections that have been answered. What still comes over them is ignored. */
const answered = new WeakSet<Socket>();

/**
 * Answers what Node's HTTP parser refuses: a request that is too slow, has too large a head, or is no HTTP at all.
 * @param headers of every response, whatever its request.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  logger: FastifyBaseLogger,
  headers: Readonly<Record<string, string>>,
): void {
  if (answered.has(socket)) return;
  answered.add(socket);
  const failure = failureOf(error.code);
  // A request whose headers have passed is logged with all others.
  const exchange = exchangeWithOpenBody(socket);
  const requestId = exchange?.request.id ?? randomUUID();
  if (exchange !== undefined) exchange.request.failure ??= failure;
  else if (failure.code !== 'CANCELLED') logger.info({ requestId, code: failure.code }, failure.message);
  if (failure.code === 'CANCELLED' || !socket.writable || exchange?.reply.raw.headersSent === true) {
    socket.destroy();
    return;
  }
  socket.end(responseBytes(failure, { id: requestId, url: exchange?.request.url }, headers));
  // The parser has detached from the connection, so nothing else would ever close it.
  destroyAfterLinger(socket);
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

function responseBytes(
  failure: Failure,
  request: FailedRequest,
  commonHeaders: Readonly<Record<string, string>>,
): Uint8Array {
  const { status, headers, body } = errorResponse(failure, request);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-length: ${body.length}`,
    `x-request-id: ${request.id}`,
    ...Object.entries({ ...headers, ...commonHeaders }).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
