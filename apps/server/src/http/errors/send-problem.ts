import { problemOf } from '@portico/api';
import { errorTable, type Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { closeAfterRefusal } from './lingering-close.ts';

/** Answers with the problem that a failure amounts to. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', String(failure.retryAfterSeconds));
  closeAfterRefusal(request, reply);
  return (
    reply
      .status(errorTable[failure.code].status)
      .type('application/problem+json')
      // As bytes, because Fastify would add a charset to text, which this media type does not have.
      .send(Buffer.from(JSON.stringify(problemOf(failure, request.id))))
  );
}
