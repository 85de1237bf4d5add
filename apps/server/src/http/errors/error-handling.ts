import { Failure } from '@portico/schemas';
import type { FastifyInstance } from 'fastify';
import { failureOfError } from './failure-of-error.ts';
import { sendProblem } from './send-problem.ts';

/** Every error becomes a row of the error table; routes that do not exist and methods that they do not have, too. */
export function handleErrors(app: FastifyInstance): void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(url, methods);
  });

  app.setErrorHandler((error, request, reply) => {
    const failure = failureOfError(error);
    request.failure = failure;
    if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
    return sendProblem(request, reply, failure);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = methodsOf.get(path);
    if (methods === undefined)
      throw new Failure('NOT_FOUND', `There is no ${path} here. GET /models lists what there is.`);
    const allowed = [...methods].filter((method) => method !== 'OPTIONS').join(', ');
    reply.header('allow', allowed);
    throw new Failure('METHOD_NOT_ALLOWED', `${path} takes ${allowed}.`);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** How the request failed, for the log. */
    failure?: Failure;
  }
}
