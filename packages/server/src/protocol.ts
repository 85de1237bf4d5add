import type { FastifyInstance } from 'fastify';
import type { Gateway } from './http/gateway.ts';

// What a protocol outside this package is made of: `@portico/server/protocol`.

export { type ErrorFormat, type ErrorResponse, problemResponse } from './http/errors/error-response.ts';
export type { Gateway, ServedModel } from './http/gateway.ts';
export { inferItems, inferOptions } from './http/infer-items.ts';
export { checkHeaders, timeoutOf } from './http/input/headers.ts';
export { readInput } from './http/input/read-input.ts';
export { observeItems, observeRequest, serverTiming } from './http/metrics.ts';
export type { Protocols } from './http/protocols.ts';
export { acceptBodies } from './http/rest/task-routes.ts';

/** A protocol of one's own: a Fastify plugin that adds routes to what is served. It is registered beside Portico's. */
export type Protocol = (app: FastifyInstance, options: { readonly gateway: Gateway }) => Promise<void>;
