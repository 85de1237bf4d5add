import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** The caller's `Accept` header allows an answer of this type. */
export const acceptsMediaType = (request: FastifyRequest, mediaType: string): boolean =>
  new Negotiator(request.raw).mediaType([mediaType]) !== undefined;
