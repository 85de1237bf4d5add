import { type ApiErrorShape, appRouter, inferCall, routerOf, trpcCodeOf } from '@portico/api';
import { errorTable, Failure, isFailure, tasks } from '@portico/schemas';
import { type AnyTRPCRouter, getTRPCErrorShape, TRPCError, transformTRPCResponse } from '@trpc/server';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorFormat } from '../errors/error-response.ts';
import type { Gateway } from '../gateway.ts';
import { decodedBytes, hasBody, maxJsonBytes, readBody, uploadLease } from '../input/body.ts';
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
import { isStreamed, sendPieces } from './outputs.ts';
import { answerPost } from './post.ts';

const config = appRouter._def._config;

/** Every procedure of the router under `/trpc`, including those of tasks that only this server has. */
export async function trpcRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const served = [...gateway.models.values()].map(({ task }) => [task.name, task] as const);
  const router = routerOf({ ...tasks, ...Object.fromEntries(served) });
  const { procedures }: AnyTRPCRouter['_def'] = router._def;
  const inferCalls = new Map(served.map(([name, task]) => [`${name}.infer`, inferCall(task)]));
  const maxBytes = maxJsonBytes(gateway.limits.maxUploadBytes);

  app.protocols.errorFormats.set('/trpc', formatError);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const calls = request as CallsRequest;
    // What a call lacks is the router's to say.
    if (!hasBody(request)) return '';
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
    onResponse: (request, _reply, done) => {
      // Calls that were refused have not settled.
      request.largeParts = undefined;
      request.largeOutputs = undefined;
      done();
    },
    handler: async (request, reply) => {
      const onError = (error: TRPCError, path: string | undefined): void => {
        request.failure = failureOf(error, request.id);
        const model = modelOf(gateway, path ?? '');
        if (model !== undefined) gateway.requests.ended(model.task.name, request.failure.code, reply.elapsedTime);
        if (request.failure.code === 'INTERNAL') request.log.error({ err: error.cause ?? error }, 'Unexpected error');
      };
      if (request.method === 'POST' && !isStreamed(request)) {
        const context = createContext(gateway, request, reply);
        const posted = { procedures, inferCalls, context, onError };
        const { status, errors, pieces } = await answerPost(request, reply, posted);
        reply.status(status).headers({ 'content-type': 'application/json', ...vary, ...retryAfter(errors) });
        return sendPieces(request, reply, pieces);
      }
      // tRPC makes a URL of it, which not every host can be part of; only the path counts.
      request.raw.headers.host = 'localhost';
      await fastifyRequestHandler({
        router,
        req: request.method === 'HEAD' ? asGet(request) : request,
        res: reply,
        path: request.params.path,
        maxBatchSize,
        createContext: () => createContext(gateway, request, reply),
        onError: ({ error, path }) => onError(error, path),
        responseMeta: ({ errors }) => ({ headers: retryAfter(errors) }),
      });
      return reply;
    },
  });
}

/** The headers that a response of tRPC depends on. */
const vary = { vary: 'trpc-accept, accept' };

/** When to come back, if any of the calls should. */
function retryAfter(errors: readonly TRPCError[]): { 'retry-after'?: string } {
  for (const { cause } of errors)
    if (isFailure(cause) && cause.retryAfterSeconds !== undefined)
      return { 'retry-after': String(cause.retryAfterSeconds) };
  return {};
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
