import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isProbe, readPath } from '../protocols.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The number of the API key that was verified; undefined without `API_KEYS`, and for probes. */
    apiKey?: number;
  }
}

/** With `API_KEYS` set, every route but the probes and open paths needs one, as `Authorization: Bearer` or `x-api-key`. */
export function requireApiKey(app: FastifyInstance, apiKeys: readonly string[]): void {
  if (apiKeys.length === 0) return;
  const known = apiKeys.map(digest);
  app.addHook('onRequest', async (request, reply) => {
    // Kubernetes sends no keys, and probes reveal nothing worth one.
    if (isProbe(request) || request.method === 'OPTIONS') return;
    const given = digest(givenKey(request));
    // Every key is compared, and by digest, so that the time taken reveals nothing.
    const matches = known.flatMap((key, index) => (timingSafeEqual(key, given) ? index : []));
    if (matches.length > 0) {
      request.apiKey = matches[0] as number;
      return;
    }
    // A protocol may take inputs where the home page is.
    const path = readPath(request);
    if (app.protocols.openPaths.some((open) => open.test(path))) return;
    reply.header('www-authenticate', 'Bearer');
    throw new Failure(
      'UNAUTHORIZED',
      'The API key is missing or wrong. Send it as "Authorization: Bearer KEY" or "x-api-key: KEY".',
    );
  });
}

function givenKey(request: FastifyRequest): string {
  const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return bearer ?? String(request.headers['x-api-key'] ?? '');
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
