import type { FastifyInstance } from 'fastify';

/** Kubernetes and Prometheus ask all day; they are logged at debug level while all is well. */
const probes = new Set(['/health', '/ready', '/metrics', '/gpu']);

/** W3C trace context: version, trace id, parent id, flags. https://www.w3.org/TR/trace-context/ */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** One line for each request, when its connection is done with it, also for callers who left. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      const left = !reply.raw.writableFinished;
      const path = request.url.split('?', 1)[0] ?? '';
      const line = {
        method: request.method,
        path,
        status: left ? 499 : reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        ...(request.failure === undefined ? {} : { code: request.failure.code, detail: request.failure.message }),
        ...traceOf(request.headers['traceparent']),
      };
      const text = `${request.method} ${path} ${left ? 'cancelled' : reply.statusCode}`;
      if (probes.has(path) && reply.statusCode < 500) request.log.debug(line, text);
      else request.log.info(line, text);
    });
  });
}

function traceOf(header: string | string[] | undefined): { traceId?: string } {
  const [, traceId] = typeof header === 'string' ? (traceparent.exec(header) ?? []) : [];
  return traceId === undefined ? {} : { traceId };
}
