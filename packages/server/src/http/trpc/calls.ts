import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toFailure } from '../errors/error-response.ts';
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

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a tRPC request. */
    calls?: Calls;
  }
}

/** What a request calls. */
interface Calls {
  /** Procedures, one for each call. */
  readonly paths: readonly string[];
  readonly isBatch: boolean;
}

export function callsOf(request: CallsRequest): Calls {
  request.calls ??= { paths: request.params.path.split(','), isBatch: isBatch(request.url) };
  return request.calls;
}

/**
 * A hook that checks everything the headers decide, in the order of the other protocols. Calls to several models are
 * admitted one by one later: a model that is busy or not ready does not concern the others.
 */
export function checkCallHeaders(gateway: Gateway) {
  const maxBytes = maxJsonBytes(gateway.limits.maxUploadBytes);
  const checkPost = (request: CallsRequest, reply: FastifyReply, called: readonly ServedModel[]): void => {
    const { paths } = callsOf(request);
    const models = called.map(({ task }) => task.name);
    checkRate(gateway, request, models, paths.length);
    if (normalMediaType(request.headers['content-type']) !== 'application/json')
      throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'Calls to /trpc must be application/json.');
    checkContentEncoding(request);
    checkStreamed(request);
    const [model] = called;
    const isOnlyModel = called.length === paths.length && called.every((one) => one === model);
    admitBody(gateway, request, reply, { maxBytes, target: isOnlyModel ? model : undefined, models });
  };
  return (request: CallsRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    let called: readonly ServedModel[] = [];
    try {
      if (request.method === 'POST') {
        called = modelsOf(gateway, request);
        checkPost(request, reply, called);
      } else {
        // Queries have no body and run no model; a mutation by GET is the router's to refuse. It would read a body of this type.
        delete request.headers['content-type'];
        checkStreamed(request);
      }
    } catch (error) {
      const failure = toFailure(error);
      for (const { task } of called) gateway.requests.ended(task.name, failure.code, reply.elapsedTime);
      return done(failure);
    }
    done();
  };
}

/** Throws `BAD_INPUT` for a stream of responses to a call that is not a batch, which tRPC refuses without a request id. */
function checkStreamed(request: CallsRequest): void {
  if (request.headers['trpc-accept'] !== 'application/jsonl' || callsOf(request).isBatch) return;
  throw new Failure('BAD_INPUT', 'Only a batch of calls gets a stream of responses. Send batch=1, also for one call.');
}

/** Whether a request has several calls, as tRPC tells from its URL: by the first `batch` in the query. */
export function isBatch(url: string): boolean {
  const [, query] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  // What tRPC's own clients send needs no parser.
  if (query === undefined || query === 'batch=1') return query !== undefined;
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
  callsOf(request).paths.flatMap((path) => modelOf(gateway, path) ?? []);

/** What each call of a request calls when its job is settled: with the last, nothing of the upload is needed any more. */
export function settleCalls(request: FastifyRequest): () => void {
  let open = callsOf(request as CallsRequest).paths.length;
  return () => {
    open -= 1;
    if (open > 0) return;
    request.largeParts = undefined;
    request.uploadLease?.release();
  };
}

/** Where the body of these calls may be large: in files, in tensors, and in inputs that are themselves JSON. */
export function largeParts(gateway: Gateway, request: CallsRequest): LargeParts {
  const { paths, isBatch } = callsOf(request);
  const files: JsonPath[] = [];
  const values: JsonPath[] = [];
  for (const [index, path] of paths.slice(0, maxBatchSize).entries()) {
    const call = isBatch ? [String(index), 'json'] : ['json'];
    const accepts = modelOf(gateway, path)?.task.accepts;
    if (path === tensorsPath) files.push([...call, 'inputs', '*', 'data']);
    else if (accepts?.kind === 'json') values.push([...call, 'input']);
    else if (accepts?.kind === 'form')
      files.push(...Object.keys(accepts.parts).map((part) => [...call, 'files', part, 'data']));
    else files.push([...call, 'file', 'data']);
  }
  return { files, values, ...(paths.includes(tensorsPath) ? { maxValues: maxCallStrings } : {}) };
}

/** The model that `<task>.infer` or `<task>.stream` runs, if it is served. */
export function modelOf(gateway: Gateway, path: string): ServedModel | undefined {
  const [task = '', procedure] = path.split('.');
  return procedure === 'infer' || procedure === 'stream' ? gateway.models.get(task) : undefined;
}
