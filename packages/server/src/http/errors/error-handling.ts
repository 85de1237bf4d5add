import { Failure } from '@portico/schemas';
import type { FastifyInstance } from 'fastify';
import { failureOfError } from './failure-of-error.ts';
import { sendProblem } from './send-problem.ts';

/** Every error becomes a row of the error table; routes that do not exist and methods that they do not have, too. */
export function handleErrors(app: FastifyInstance): void {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat().filter((one) => one !== 'OPTIONS') });
  });

  app.setErrorHandler((error, request, reply) => {
    const failure = failureOfError(error);
    request.failure = failure;
    if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
    return sendProblem(request, reply, failure);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    // Below a wildcard there may be nothing though the method is right.
    if (methods.length === 0 || methods.includes(request.method))
      throw new Failure('NOT_FOUND', `There is no ${path} here. GET /models lists what there is.`);
    const allowed = [...new Set(methods)].sort().join(', ');
    reply.header('allow', allowed);
    throw new Failure('METHOD_NOT_ALLOWED', `${path} takes ${allowed}.`);
  });
}

/** Matches the paths of a route: `:name` is one segment, `*` is any rest. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`);

declare module 'fastify' {
  interface FastifyRequest {
    /** How the request failed, for the log. */
    failure?: Failure;
  }
}
