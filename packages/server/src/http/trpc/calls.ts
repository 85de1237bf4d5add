import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway, ServedModel } from '../gateway.ts';
import { maxJsonBytes } from '../input/body.ts';
import { admitBody, checkContentEncoding } from '../input/headers.ts';
import { normalMediaType } from '../input/media-type.ts';
import { observeFailure } from '../metrics.ts';
import { checkRate } from '../plugins/rate-limit.ts';

/** The path parameter of a tRPC request names its calls. */
export type CallsRequest = FastifyRequest<{ Params: { path: string } }>;

const callPaths = (request: CallsRequest): string[] => request.params.path.split(',');

/**
 * A hook that checks everything the headers decide, in the order of the other protocols. Calls to several models are
 * admitted one by one later: a model that is busy or not ready does not concern the others.
 */
export function checkCallHeaders(gateway: Gateway) {
  const { maxUploadBytes } = gateway.limits;
  return async (request: CallsRequest, reply: FastifyReply): Promise<void> => {
    // Queries have no body and run no model; a mutation by GET is the router's to refuse.
    if (request.method !== 'POST') return;
    const called = modelsOf(gateway, request);
    await countFailure(gateway, request, async () => {
      const names = called.map(({ task }) => task.name);
      checkRate(gateway, request, names, callPaths(request).length);
      if (normalMediaType(request.headers['content-type']) !== 'application/json')
        throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'Calls to /trpc must be application/json.');
      checkContentEncoding(request);
      const [model] = called;
      const isOnlyModel = callPaths(request).every((path) => modelOf(gateway, path) === model);
      admitBody(gateway, request, reply, {
        maxBytes: maxJsonBytes(maxUploadBytes),
        target: isOnlyModel ? model : undefined,
        models: names,
      });
    });
  };
}

/** Does what comes before the router, which counts its own failures, and counts a failure for each call. */
export function countFailure<Result>(
  gateway: Gateway,
  request: CallsRequest,
  part: () => Promise<Result>,
): Promise<Result> {
  const models = modelsOf(gateway, request).map(({ task }) => task.name);
  return observeFailure(gateway.requests, models, part);
}

const modelsOf = (gateway: Gateway, request: CallsRequest): ServedModel[] =>
  callPaths(request).flatMap((path) => modelOf(gateway, path) ?? []);

/** A call is to a model whose input is itself JSON, of any size. */
export const takesJson = (gateway: Gateway, request: CallsRequest): boolean =>
  modelsOf(gateway, request).some(({ task }) => task.accepts.kind === 'json');

/** A call is to the model repository; its body says to which model. */
export const takesTensors = (request: CallsRequest): boolean => callPaths(request).includes('tensors.infer');

/** The model that `<task>.infer` or `<task>.stream` runs, if it is served. */
export function modelOf(gateway: Gateway, path: string): ServedModel | undefined {
  const [task = '', procedure] = path.split('.');
  return procedure === 'infer' || procedure === 'stream' ? gateway.models.get(task) : undefined;
}
