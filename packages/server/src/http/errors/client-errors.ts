import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from '@portico/schemas';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FailedRequest, failedAnswer } from './failed-answer.ts';
import { destroyAfterLinger } from './lingering-close.ts';

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The newest request on each connection. */
const newest = new WeakMap<Socket, Exchange>();
/** Connections that have had their answer. What still comes over them is ignored. */
const answered = new WeakSet<Socket>();

/**
 * Remembers which request a connection is busy with, for what its parser refuses half-way. To be called before any hook is
 * added: a body can be refused as soon as the headers before it are read, while a hook that came first were still to be waited for.
 */
export function followConnections(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // A request whose client has left already has no connection any more.
    const socket: Socket | null = request.raw.socket;
    if (socket !== null) newest.set(socket, { request, reply });
    done();
  });
}

/**
 * Answers what Node's HTTP parser refuses: a request that is too slow, too wordy, or no HTTP at all.
 * @param headers of every answer, whatever its request.
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
  // One whose headers had passed is logged where every request is.
  const arriving = stillArriving(socket);
  const requestId = arriving?.request.id ?? randomUUID();
  if (arriving !== undefined) arriving.request.failure ??= failure;
  else if (failure.code !== 'CANCELLED') logger.info({ requestId, code: failure.code }, failure.message);
  if (failure.code === 'CANCELLED' || !socket.writable || arriving?.reply.raw.headersSent === true) {
    socket.destroy();
    return;
  }
  socket.end(answerTo(failure, { id: requestId, url: arriving?.request.url }, headers));
  // The parser has given the connection up, so nothing else would ever close it.
  destroyAfterLinger(socket);
}

/** The request whose body has not arrived yet. */
function stillArriving(socket: Socket): Exchange | undefined {
  const exchange = newest.get(socket);
  return exchange?.request.raw.complete === false ? exchange : undefined;
}

function answerTo(
  failure: Failure,
  request: FailedRequest,
  headersOfEvery: Readonly<Record<string, string>>,
): Uint8Array {
  const { status, headers, body } = failedAnswer(failure, request);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-length: ${body.length}`,
    `x-request-id: ${request.id}`,
    ...Object.entries({ ...headers, ...headersOfEvery }).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
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
      return new Failure('BAD_INPUT', 'This is not HTTP.');
  }
}
