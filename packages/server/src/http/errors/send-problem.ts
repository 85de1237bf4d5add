import type { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { failedAnswer } from './failed-answer.ts';
import { closeAfterRefusal } from './lingering-close.ts';

/** Answers with the problem that a failure amounts to. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  closeAfterRefusal(request, reply);
  const { status, headers, body } = failedAnswer(failure, request);
  return reply.status(status).headers(headers).send(body);
}
