import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorFormat } from './errors/error-response.ts';

/** Scraped all day, and logged and traced like probes. */
const scraped = new Set(['/metrics', '/gpu']);

/**
 * What protocols add, while they register their routes, to the parts that all of them share. A protocol is a Fastify
 * plugin in a folder of its own, and a line in app.ts.
 */
export interface Protocols {
  /** Paths of probes, which `isProbe` looks for. */
  readonly probes: Set<string>;
  /** More paths that need no key to be read, because they reveal nothing. */
  readonly openPaths: RegExp[];
  /** The format of errors at a path and below it; elsewhere they are problems. */
  readonly errorFormats: Map<string, ErrorFormat>;
  /** Paths of the OpenAPI document. */
  readonly openApiPaths: Record<string, unknown>;
  /** Schemas that these paths refer to, beside those with an id. */
  readonly openApiSchemas: Record<string, unknown>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly protocols: Protocols;
  }
}

/** Prepares the app for protocols. To be called before any of them is registered. */
export function acceptProtocols(app: FastifyInstance): void {
  app.decorate('protocols', {
    probes: new Set<string>(),
    openPaths: [],
    errorFormats: new Map<string, ErrorFormat>(),
    openApiPaths: {},
    openApiSchemas: {},
  });
}

/** Probes need no key, and are logged at debug level while all is well. What else is done at their paths is no probe. */
export const isProbe = (request: FastifyRequest): boolean => request.server.protocols.probes.has(readPath(request));

/** A probe or a scrape. */
export const isRoutine = (request: FastifyRequest): boolean => isProbe(request) || scraped.has(readPath(request));

/** The path that is read; empty for any other method. */
export const readPath = ({ method, url }: FastifyRequest): string =>
  method === 'GET' || method === 'HEAD' ? (url.split('?', 1)[0] ?? '') : '';
