import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { checkContentEncoding } from '../input/content-encoding.ts';
import { jsonBodyLimit } from '../input/json-input.ts';
import { normalMediaType } from '../input/media-type.ts';
import { observeFailures } from '../observe-request.ts';
import { checkAnnounced, deadlineOrCap, leaseUpload } from '../routes/admit-upload.ts';
import type { ServedModel } from '../served-model.ts';

/** The path parameter of a tRPC request names its calls. */
export type CallsRequest = FastifyRequest<{ Params: { path: string } }>;

export const callPaths = (request: CallsRequest): string[] => request.params.path.split(',');

/**
 * What the headers tell is refused before the body is read, in the same order as on the other doors. Calls of several models
 * are turned away one by one later: one model that is busy or not ready is no matter of the others.
 */
export function admitCalls(gateway: Gateway) {
  const { maxUploadBytes } = gateway.limits;
  return async (request: CallsRequest, reply: FastifyReply): Promise<void> => {
    // Queries have no body and ask no model; a mutation by GET is the router's to refuse.
    if (request.method !== 'POST') return;
    const models = askedModels(gateway, request);
    await countingFailure(gateway, request, async () => {
      const mediaType = normalMediaType(request.headers['content-type']);
      if (mediaType !== 'application/json')
        throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'Calls under /trpc are application/json.');
      checkContentEncoding(request);
      checkAnnounced(request, jsonBodyLimit(maxUploadBytes), maxUploadBytes);
      const [model] = models;
      if (model !== undefined && callPaths(request).every((path) => askedModel(gateway, path) === model))
        model.dispatcher.admit(deadlineOrCap(request, model.timeoutMs));
      leaseUpload(
        gateway,
        request,
        reply,
        models.map(({ task }) => task.name),
      );
    });
  };
}

/** Does what comes before the router, whose own failures are counted there, and counts its failure for each call. */
export function countingFailure<Result>(
  gateway: Gateway,
  request: CallsRequest,
  part: () => Promise<Result>,
): Promise<Result> {
  const models = askedModels(gateway, request).map(({ task }) => task.name);
  return observeFailures(gateway.requests, models, part);
}

const askedModels = (gateway: Gateway, request: CallsRequest): ServedModel[] =>
  callPaths(request).flatMap((path) => askedModel(gateway, path) ?? []);

/** A call asks a model whose input is itself JSON, of whatever size. */
export const asksForJson = (gateway: Gateway, request: CallsRequest): boolean =>
  askedModels(gateway, request).some(({ task }) => task.accepts.kind === 'json');

/** A call that asks the model repository; which model, its body tells. */
export const asksForTensors = (request: CallsRequest): boolean => callPaths(request).includes('tensors.infer');

/** The model that `<task>.infer` or `<task>.stream` asks, where it is served. */
export function askedModel(gateway: Gateway, path: string): ServedModel | undefined {
  const [task = '', procedure] = path.split('.');
  return procedure === 'infer' || procedure === 'stream' ? gateway.models.get(task) : undefined;
}
