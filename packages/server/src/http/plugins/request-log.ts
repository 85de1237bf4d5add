import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { errorTable } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRoutine } from '../protocols.ts';
import { clientOf } from './clients.ts';
import { exchangeOf, isDelivered } from './exchanges.ts';

/** A client's own id is used if it is harmless in logs and headers. */
const saneToken = /^[\w.:-]{1,128}$/;

/** Levels at which such a line is written. */
const debugLevels = new Set(['debug', 'trace']);

/** W3C trace context: version, trace id, parent id, flags. https://www.w3.org/TR/trace-context/ */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-|$)/;

/** The request's id: the client's `x-request-id` if it is a sane token, else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneToken.test(given) ? given : randomUUID();
}

/** Sends every request its id, names its trace in its log, and writes one line for it when its connection is done with it, also if the client left. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (request.trace === undefined && request.headers['traceparent'] !== undefined) nameTrace(request, reply);
    logWhenDone(request, reply);
    done();
  });
}

/** Writes the line of one request when its response has been sent or its client has closed the connection. */
export function logWhenDone(request: FastifyRequest, reply: FastifyReply): void {
  exchangeOf(reply).onEnd(() => {
    const atDebug = reply.statusCode < 500 && isRoutine(request);
    if (atDebug && !debugLevels.has(request.server.log.level)) return;
    const path = request.url.split('?', 1)[0] ?? '';
    const status = statusOf(request, reply);
    const line = {
      method: request.method,
      path,
      status,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      client: clientOf(request),
      ...(request.failure === undefined ? {} : { code: request.failure.code, detail: request.failure.message }),
    };
    const text = `${request.method} ${path} ${status === errorTable.CANCELLED.status ? 'cancelled' : status}`;
    if (atDebug) request.log.debug(line, text);
    else request.log.info(line, text);
  });
}

/** The status sent. A body that came too slowly was answered past the reply. */
function statusOf(request: FastifyRequest, reply: FastifyReply): number {
  if (isDelivered(reply.raw)) return reply.statusCode;
  return errorTable[request.failure?.code === 'REQUEST_TIMEOUT' ? 'REQUEST_TIMEOUT' : 'CANCELLED'].status;
}

/** Without tracing, the log still says which trace a request belongs to. */
function nameTrace(request: FastifyRequest, reply: FastifyReply): void {
  const { traceparent: header } = request.headers;
  const [, traceId] = typeof header === 'string' ? (traceparent.exec(header) ?? []) : [];
  if (traceId === undefined) return;
  request.log = request.log.child({ traceId });
  reply.log = request.log;
}
