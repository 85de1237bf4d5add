import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A client's own id is taken over when it is harmless in logs and headers. */
const saneToken = /^[\w.:-]{1,128}$/;

/** The request's id: the client's `x-request-id` if it is a sane token, else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && saneToken.test(given) ? given : randomUUID();
}
