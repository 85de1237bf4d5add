import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { settleBody } from '../plugins/exchanges.ts';
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
 * Answers what Fastify refuses without running any hook: a malformed URL.
 * @param headers of every response, whatever its request.
 */
export function answerFrameworkError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  logWhenDone(request, reply);
  const failure = toFailure(error);
  request.failure = failure;
  reply.header('x-request-id', request.id).headers(headers);
  settleBody(request, reply, () => void sendFailure(request, reply, failure));
}
