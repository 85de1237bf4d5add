import type { IncomingMessage } from 'node:http';
import { Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** `http://authority` before the path: the absolute form of RFC 9112, 3.2.2. */
const origin = /^https?:\/\/[^/?#]*/i;

/** The path and query of a request, also where its line has the whole URL, as requests to proxies do. */
export function pathAndQuery({ url = '/' }: IncomingMessage): string {
  if (url.startsWith('/')) return url;
  const rest = url.replace(origin, '');
  return rest === url || rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * Refuses what is addressed to no route, before a byte of its body is read. Call it before any route is added, and after
 * the hooks that come first.
 */
export function refuseWrongTargets(app: FastifyInstance): void {
  const routes: Route[] = [];
  app.addHook('onRoute', ({ url, method, prefix, routePath }) => {
    // The root of a prefix is served with a slash and without.
    const isRoot = prefix !== '' && (routePath === '' || routePath === '/');
    routes.push({
      pattern: isRoot ? patternOf(`${prefix}/`) : patternOf(url),
      methods: [method].flat().filter((one) => one !== 'OPTIONS'),
    });
  });
  app.addHook('onRequest', (request, reply, done) => {
    // The router takes the target `*` for `/`.
    const isLost = request.is404 || !request.url.startsWith('/');
    const failure = checkHost(request) ?? (isLost ? unrouted(request, reply, routes) : undefined);
    if (failure === undefined) done();
    else done(failure);
  });
  // Below a wildcard there may be no such file.
  app.setNotFoundHandler((request) => {
    throw noRoute(request);
  });
}

interface Route {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** RFC 9112, 3.2: a request of HTTP/1.1 without a host, and one with several, is answered 400. */
function checkHost({ headers, raw }: FastifyRequest): Failure | undefined {
  if (headers.host === undefined && raw.httpVersion !== '1.0' && raw.httpVersion !== '0.9')
    return new Failure('BAD_INPUT', 'The request has no Host header.');
  // Of several, Node shows the first, and a proxy may have gone by another.
  if (countHosts(raw.rawHeaders) > 1)
    return new Failure('BAD_INPUT', 'The request has more than one Host header. Send one.');
  return undefined;
}

/** @param rawHeaders names and values in turns */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** Why there is no route: none at this path, or none for this method. */
function unrouted(request: FastifyRequest, reply: FastifyReply, routes: readonly Route[]): Failure {
  const path = pathOf(request);
  const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
  if (methods.length === 0 || methods.includes(request.method)) return noRoute(request);
  const allowed = [...new Set(methods)].sort();
  reply.header('allow', allowed.join(', '));
  return new Failure('METHOD_NOT_ALLOWED', `${path} does not support ${request.method}. Use ${allowed.join(' or ')}.`);
}

function noRoute(request: FastifyRequest): Failure {
  const path = pathOf(request);
  const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
  return new Failure(
    'NOT_FOUND',
    isWebSocket
      ? `There is no WebSocket ${path}: the server has none. Over tRPC, use httpBatchStreamLink instead of wsLink.`
      : `There is no route ${path}. GET /models lists the served models.`,
  );
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

/** Matches the paths of a route: `:name` is one segment, `*` is any rest. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replaceAll('.', String.raw`\.`)
      .replaceAll(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*')
      .replace(/(?<=.)\/$/, '/?')}$`,
  );
