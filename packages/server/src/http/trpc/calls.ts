import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway, ServedModel } from '../gateway.ts';
import { maxJsonBytes } from '../input/body.ts';
import { admitBody, checkContentEncoding } from '../input/headers.ts';
import { normalMediaType } from '../input/media-type.ts';
import type { JsonPath, LargeParts } from '../input/split-json.ts';
import { observeFailure } from '../metrics.ts';
import { checkRate } from '../plugins/rate-limit.ts';
import { maxCallStrings } from './tensors.ts';

/** Calls in one batch; `httpBatchLink` needs `maxItems` of at most this. */
export const maxBatchSize = 16;
/** A call to the model repository; its body says to which model. */
const tensorsPath = 'tensors.infer';

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
    if (request.method !== 'POST') {
      // tRPC would read a body of this type.
      delete request.headers['content-type'];
      checkStreamed(request);
      return;
    }
    const called = modelsOf(gateway, request);
    await countFailure(gateway, request, async () => {
      const names = called.map(({ task }) => task.name);
      checkRate(gateway, request, names, callPaths(request).length);
      if (normalMediaType(request.headers['content-type']) !== 'application/json')
        throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'Calls to /trpc must be application/json.');
      checkContentEncoding(request);
      checkStreamed(request);
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

/** Throws `BAD_INPUT` for a stream of responses to a call that is not a batch, which tRPC refuses without a request id. */
function checkStreamed({ headers, url }: CallsRequest): void {
  if (headers['trpc-accept'] !== 'application/jsonl' || isBatch(url)) return;
  throw new Failure('BAD_INPUT', 'Only a batch of calls gets a stream of responses. Send batch=1, also for one call.');
}

/** Whether a request has several calls, as tRPC tells from its URL: by the first `batch` in the query. */
export function isBatch(url: string): boolean {
  const [, query] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  return new URLSearchParams(query).get('batch') === '1';
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

/** What each call of a request calls when its job is settled: with the last, nothing of the upload is needed any more. */
export function settleCalls(request: FastifyRequest): () => void {
  let open = callPaths(request as CallsRequest).length;
  return () => {
    open -= 1;
    if (open > 0) return;
    delete request.largeParts;
    request.uploadLease?.release();
  };
}

/** Where the body of these calls may be large: in files, in tensors, and in inputs that are themselves JSON. */
export function largeParts(gateway: Gateway, request: CallsRequest): LargeParts {
  const batch = isBatch(request.url);
  const files: JsonPath[] = [];
  const values: JsonPath[] = [];
  const paths = callPaths(request).slice(0, maxBatchSize);
  for (const [index, path] of paths.entries()) {
    const call = batch ? [String(index), 'json'] : ['json'];
    if (path === tensorsPath) files.push([...call, 'inputs', '*', 'data']);
    else if (modelOf(gateway, path)?.task.accepts.kind === 'json') values.push([...call, 'input']);
    else files.push([...call, 'file', 'data']);
  }
  return { files, values, ...(paths.includes(tensorsPath) ? { maxValues: maxCallStrings } : {}) };
}

/** The model that `<task>.infer` or `<task>.stream` runs, if it is served. */
export function modelOf(gateway: Gateway, path: string): ServedModel | undefined {
  const [task = '', procedure] = path.split('.');
  return procedure === 'infer' || procedure === 'stream' ? gateway.models.get(task) : undefined;
}
