import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** The caller's `Accept` header allows an answer of this type; an empty one says nothing. */
export const acceptsMediaType = (request: FastifyRequest, mediaType: string): boolean =>
  request.headers.accept === '' || new Negotiator(request.raw).mediaType([mediaType]) !== undefined;
