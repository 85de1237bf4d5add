import { type ApiErrorShape, appRouter, routerOf, trpcCodeOf } from '@portico/api';
import { errorTable, Failure, isFailure, tasks } from '@portico/schemas';
import { getTRPCErrorShape, TRPCError, transformTRPCResponse } from '@trpc/server';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorFormat } from '../errors/error-response.ts';
import type { Gateway } from '../gateway.ts';
import { decodedBytes, maxJsonBytes, readBody, uploadLease } from '../input/body.ts';
import { splitJson } from '../input/split-json.ts';
import {
  type CallsRequest,
  checkCallHeaders,
  countFailure,
  isBatch,
  largeParts,
  maxBatchSize,
  modelOf,
} from './calls.ts';
import { createContext } from './context.ts';

const config = appRouter._def._config;

/** Every procedure of the router under `/trpc`, including those of tasks that only this server has. */
export async function trpcRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const served = [...gateway.models.values()].map(({ task }) => [task.name, task] as const);
  const router = routerOf({ ...tasks, ...Object.fromEntries(served) });
  const maxBytes = maxJsonBytes(gateway.limits.maxUploadBytes);

  app.protocols.errorFormats.set('/trpc', formatError);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const calls = request as CallsRequest;
    return countFailure(gateway, calls, async () => {
      const body = await readBody(gateway, request, maxBytes);
      const lease = uploadLease(gateway, request);
      // What is decoded is held beside the text.
      lease.take(decodedBytes(body));
      const { text, parts } = await splitJson(body, () => largeParts(gateway, calls));
      if (parts.size > 0) request.largeParts = parts;
      lease.hold([...parts.values()].reduce((sum, { byteLength }) => sum + byteLength, text.length));
      return text;
    });
  });

  app.route<{ Params: { path: string } }>({
    method: ['GET', 'HEAD', 'POST'],
    url: '/trpc/:path',
    onRequest: checkCallHeaders(gateway),
    onSend: async ({ largeOutputs }, reply, payload) => {
      if (largeOutputs?.isEmpty !== false || !(payload instanceof Response) || payload.body === null) return payload;
      reply.status(payload.status).headers(Object.fromEntries(payload.headers));
      return largeOutputs.filled(payload.body);
    },
    onResponse: async (request) => {
      // Calls that were refused have not settled.
      delete request.largeParts;
      delete request.largeOutputs;
    },
    handler: async (request, reply) => {
      // tRPC makes a URL of it, which not every host can be part of; only the path counts.
      request.raw.headers.host = 'localhost';
      await fastifyRequestHandler({
        router,
        req: request.method === 'HEAD' ? asGet(request) : request,
        res: reply,
        path: request.params.path,
        maxBatchSize,
        createContext: () => createContext(gateway, request, reply),
        onError: ({ error, path }) => {
          request.failure = failureOf(error, request.id);
          const model = modelOf(gateway, path ?? '');
          if (model !== undefined) gateway.requests.ended(model.task.name, request.failure.code, reply.elapsedTime);
          if (request.failure.code === 'INTERNAL') request.log.error({ err: error.cause ?? error }, 'Unexpected error');
        },
        responseMeta: ({ errors }) => {
          const seconds = errors
            .map(({ cause }) => (isFailure(cause) ? cause.retryAfterSeconds : undefined))
            .find((one) => one !== undefined);
          return seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } };
        },
      });
    },
  });
}

/** HEAD answers as GET does, and Node leaves the body out. tRPC itself answers every HEAD with 204. */
const asGet = (request: CallsRequest): CallsRequest =>
  Object.create(request, { raw: { value: Object.create(request.raw, { method: { value: 'GET' } }) } }) as CallsRequest;

/** A refusal from before tRPC saw the request, in tRPC's format: once, or once for each call of a batch. */
const formatError: ErrorFormat = (failure, { id, url = '' }) => {
  const error = new TRPCError({ code: trpcCodeOf(failure.code), message: failure.message, cause: failure });
  const one = transformTRPCResponse(config, { error: shapeOf(error, id) });
  const [path = ''] = url.split('?', 1);
  // The router refuses more calls, and their number is the client's.
  const calls = Math.min(path.split(/,|%2c/i).length, maxBatchSize);
  return {
    status: errorTable[failure.code].status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(isBatch(url) ? Array.from({ length: calls }, () => one) : one)),
  };
};

/** The row of the error table for a tRPC error: that of the failure in it, or of tRPC's own refusal. */
function failureOf(error: TRPCError, requestId: string): Failure {
  if (isFailure(error.cause)) return error.cause;
  const { code, detail } = shapeOf(error, requestId).data.problem;
  return new Failure(code, detail, { cause: error });
}

const shapeOf = (error: TRPCError, requestId: string): ApiErrorShape =>
  getTRPCErrorShape({
    config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: { requestId } as never,
  });
