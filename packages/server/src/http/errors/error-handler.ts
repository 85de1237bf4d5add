import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { logWhenDone } from '../plugins/request-log.ts';
import { recordFailure, sendFailure, toFailure } from './error-response.ts';

/** Answers every error with its row of the error table. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = toFailure(error);
    recordFailure(request, failure);
    return sendFailure(request, reply, failure);
  });
}

/**
 * Answers what Fastify refuses before any hook runs: a malformed URL.
 * @param headers of every response, whatever its request.
 */
export function answerFrameworkError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  logWhenDone(request, reply);
  request.failure = toFailure(error);
  void sendFailure(request, reply.header('x-request-id', request.id).headers(headers), request.failure);
}
