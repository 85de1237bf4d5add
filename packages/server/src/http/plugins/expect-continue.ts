import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Requests whose body has not been asked for yet. */
const waiting = new WeakSet<IncomingMessage>();

/** With `Expect: 100-continue` the body is only asked for once the headers have passed every check. */
export function askForBodies(app: FastifyInstance): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    app.server.emit('request', request, response);
  });
  // Any other expectation may be ignored (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

  // Every check by header happens in onRequest hooks.
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404 && waiting.delete(request.raw)) reply.raw.writeContinue();
  });
}

/** The client holds its body back until it is asked for. */
export const holdsBodyBack = (request: FastifyRequest): boolean => waiting.has(request.raw);
