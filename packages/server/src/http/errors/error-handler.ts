import { Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { settleBody } from '../plugins/exchanges.ts';
import { logWhenDone } from '../plugins/request-log.ts';
import { recordFailure, sendFailure, toFailure } from './error-response.ts';

/** Answers every error with its row of the error table, unknown routes and methods included. */
export function handleErrors(app: FastifyInstance): void {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat().filter((one) => one !== 'OPTIONS') });
  });

  app.setErrorHandler((error, request, reply) => {
    const failure = toFailure(error);
    recordFailure(request, failure);
    return sendFailure(request, reply, failure);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    // Below a wildcard there may be no such path though the method is right.
    if (methods.length === 0 || methods.includes(request.method))
      throw new Failure('NOT_FOUND', `There is no route ${path}. GET /models lists the served models.`);
    const allowed = [...new Set(methods)].sort();
    reply.header('allow', allowed.join(', '));
    throw new Failure('METHOD_NOT_ALLOWED', `${path} does not support ${request.method}. Use ${allowed.join(' or ')}.`);
  });
}

/** Matches the paths of a route: `:name` is one segment, `*` is any rest. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`);

/**
 * Answers what Fastify refuses without running any hook: a malformed URL.
 * @param headers of every response, whatever its request.
 */
export function answerFrameworkError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  logWhenDone(request, reply);
  const failure = toFailure(error);
  request.failure = failure;
  reply.header('x-request-id', request.id).headers(headers);
  settleBody(request, reply, () => void sendFailure(request, reply, failure));
}
