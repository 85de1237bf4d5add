import type { Readable } from 'node:stream';
import { routerOf } from '@portico/api';
import { isFailure, tasks } from '@portico/schemas';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failureOfError } from '../errors/failure-of-error.ts';
import { closeAfterRefusal } from '../errors/lingering-close.ts';
import type { Gateway } from '../gateway.ts';
import { jsonBodyLimit } from '../input/json-input.ts';
import { refuseManyValues } from '../input/many-values.ts';
import { whileArriving } from '../input/while-arriving.ts';
import { bodyReader } from '../routes/infer-handler.ts';
import {
  admitCalls,
  askedModel,
  asksForJson,
  asksForTensors,
  callPaths,
  type CallsRequest,
  countingFailure,
} from './admit-calls.ts';
import { createContext } from './create-context.ts';
import { mostTexts } from './many-texts.ts';
import { failureOfTrpcError, trpcErrorResponse } from './error-response.ts';

/** Calls in one batch; `httpBatchLink` needs `maxItems` of at most this. */
const maxBatchSize = 16;

/** The typed door: every procedure of the router under `/trpc`, those of tasks that only this server has among them. */
export async function trpcRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const served = [...gateway.models.values()].map(({ task }) => [task.name, task] as const);
  const router = routerOf({ ...tasks, ...Object.fromEntries(served) });
  const limitBytes = jsonBodyLimit(gateway.limits.maxUploadBytes);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    const reader = bodyReader(gateway, request, limitBytes);
    const calls = request as CallsRequest;
    return countingFailure(gateway, calls, async () => {
      const limits = { bodyBytes: limitBytes, maxUploadBytes: gateway.limits.maxUploadBytes };
      const body = await whileArriving(request.raw, limits, () => reader.readAll(payload));
      if (!asksForJson(gateway, calls)) refuseManyValues(body, asksForTensors(calls) ? mostTexts : undefined);
      return body.toString('utf8');
    });
  });

  app.setErrorHandler<Error, { Params: { path: string } }>((error, request, reply) => {
    const failure = failureOfError(error);
    request.failure = failure;
    if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
    if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', String(failure.retryAfterSeconds));
    closeAfterRefusal(request, reply);
    const { status, body } = trpcErrorResponse(failure, request.id, callsOf(request));
    return reply.status(status).type('application/json').send(body);
  });

  app.route<{ Params: { path: string } }>({
    method: ['GET', 'POST'],
    url: '/trpc/:path',
    onRequest: admitCalls(gateway),
    handler: async (request, reply) => {
      await fastifyRequestHandler({
        router,
        req: request,
        res: reply,
        path: request.params.path,
        maxBatchSize,
        createContext: () => createContext(gateway, request, reply),
        onError: ({ error, path }) => {
          request.failure = failureOfTrpcError(error, request.id);
          const asked = askedModel(gateway, path ?? '');
          if (asked !== undefined) gateway.requests.ended(asked.task.name, request.failure.code, reply.elapsedTime);
          if (request.failure.code === 'INTERNAL') request.log.error({ err: error.cause ?? error }, 'A defect');
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

/** The number of calls in a batch, or undefined for a single call. */
function callsOf(request: CallsRequest): number | undefined {
  const isBatch = (request.query as Record<string, unknown>)['batch'] === '1';
  return isBatch ? callPaths(request).length : undefined;
}
