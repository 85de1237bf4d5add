import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';

/** Throws `UNSUPPORTED_MEDIA_TYPE` for a compressed body: images and sound are compressed in themselves. */
export function checkContentEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', `Content-Encoding ${encoding} is not accepted: send the body as it is.`);
}
