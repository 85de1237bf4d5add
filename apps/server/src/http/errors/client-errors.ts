import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problemOf } from '@portico/api';
import { errorTable, Failure } from '@portico/schemas';

/**
 * Answers what Node's HTTP parser refuses before there is a request: too slow, too wordy, or no HTTP at all.
 * @returns the failure that was answered, for the log.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): Failure {
  const failure = failureOf(error.code);
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return failure;
  }
  const requestId = randomUUID();
  const { status } = errorTable[failure.code];
  const body = JSON.stringify(problemOf(failure, requestId));
  socket.end(
    [
      `HTTP/1.1 ${status} ${failure.code}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  return failure;
}

function failureOf(code: string | undefined): Failure {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Failure('REQUEST_TIMEOUT', 'The request took too long to arrive.');
    case 'HPE_HEADER_OVERFLOW':
      return new Failure('HEADERS_TOO_LARGE', 'The request line and headers are too large.');
    case 'ECONNRESET':
      return new Failure('CANCELLED', 'The caller left.');
    default:
      return new Failure('BAD_INPUT', 'This is not HTTP.');
  }
}
