import type { FastifyReply, FastifyRequest } from 'fastify';
import { logWhenDone } from '../plugins/request-log.ts';
import { failureOfError } from './failure-of-error.ts';
import { sendProblem } from './send-problem.ts';

/**
 * Answers what Fastify refuses before any hook runs: a URL that cannot be read.
 * @param headers of every answer, whatever its request.
 */
export function answerFrameworkError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  logWhenDone(request, reply);
  request.failure = failureOfError(error);
  void sendProblem(request, reply.header('x-request-id', request.id).headers(headers), request.failure);
}
