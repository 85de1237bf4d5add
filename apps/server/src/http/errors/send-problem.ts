import { problemOf } from '@portico/api';
import { errorTable, type Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { closeAfterRefusal } from './lingering-close.ts';

/** Under these paths errors have the shape of the Open Inference Protocol. */
const inferenceProtocol = /^\/v2(?:[/?]|$)/;

/** Answers with the problem that a failure amounts to. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', String(failure.retryAfterSeconds));
  closeAfterRefusal(request, reply);
  const { status } = errorTable[failure.code];
  if (inferenceProtocol.test(request.url)) {
    // The protocol knows no 422.
    return reply.status(status === 422 ? 400 : status).send({ error: failure.message });
  }
  return (
    reply
      .status(status)
      .type('application/problem+json')
      // As bytes, because Fastify would add a charset to text, which this media type does not have.
      .send(Buffer.from(JSON.stringify(problemOf(failure, request.id))))
  );
}
