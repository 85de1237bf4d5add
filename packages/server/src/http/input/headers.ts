import { Failure, type FormInput, type Task } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import type { ByteLease } from '../../dispatch/byte-budget.ts';
import type { ModelDispatcher } from '../../dispatch/dispatcher.ts';
import { toFailure } from '../errors/error-response.ts';
import type { Gateway, ServedModel } from '../gateway.ts';
import { clientOf } from '../plugins/clients.ts';
import { exchangeOf } from '../plugins/exchanges.ts';
import { checkRate } from '../plugins/rate-limit.ts';
import { maxBodyBytes, tooLarge } from './body.ts';
import { checkAccepted, isUndeclared, normalMediaType } from './media-type.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's share of the upload memory; released when its work is done or its client has left. */
    uploadLease?: ByteLease;
  }
}

/** Browsers send some 200 characters; the headers may have 16 KiB, over which a negotiator takes its time. */
const maxPreferencesLength = 1_000;

/** The media types a task can respond with: JSON first, the default. */
export const outputTypes = (task: Task): readonly string[] => [
  'application/json',
  ...(task.produces === undefined ? [] : [task.produces.mediaType]),
  ...(task.item === undefined ? [] : ['text/event-stream']),
];

/**
 * A hook that checks everything the headers decide, before a byte of the body is read. In order: `RATE_LIMIT`, Accept,
 * media type, encoding, announced length, readiness and queue.
 */
export function checkHeaders(gateway: Gateway, model: ServedModel, route: 'one input' | 'batch' = 'one input') {
  const { name } = model.task;
  const isBatch = route === 'batch';
  const [routeName, types] = isBatch ? [`${name}/batch`, ['application/json']] : [name, outputTypes(model.task)];
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    try {
      checkRate(gateway, request, [name]);
      outputType(request, routeName, types);
      const mediaType = normalMediaType(request.headers['content-type']);
      if (isBatch) checkBatchType(model.task, mediaType);
      else checkMediaType(model.task, mediaType);
      checkContentEncoding(request);
      const maxBytes = maxBodyBytes(mediaType, gateway.limits.maxUploadBytes);
      admitBody(gateway, request, reply, { maxBytes, target: model, models: [name] });
    } catch (error) {
      const failure = toFailure(error);
      gateway.requests.ended(name, failure.code, reply.elapsedTime);
      return done(failure);
    }
    done();
  };
}

/**
 * The type among these that the client's `Accept` prefers; an empty header accepts anything.
 * @throws {Failure} `NOT_ACCEPTABLE` when the client accepts none of them.
 */
export function outputType(request: FastifyRequest, route: string, types: readonly string[]): string {
  const { accept } = request.headers;
  const [preferred = ''] = types;
  // Nearly all clients send one of these, and a negotiator takes twenty times as long as all other checks.
  if (accept === undefined || accept === '' || accept === '*/*' || accept === preferred) return preferred;
  const wanted = preferencesOf(request).mediaType([...types]);
  if (wanted !== undefined) return wanted;
  throw new Failure('NOT_ACCEPTABLE', `${route} responds with ${types.join(' or ')} only.`);
}

/** Which of what is available a client prefers; undefined if it accepts none. A type of ours: negotiator comes without types for its users. */
interface Preferences {
  mediaType(available: string[]): string | undefined;
  encoding(available: string[]): string | undefined;
}

/** What the client says it prefers, of which the beginning counts. */
export const preferencesOf = ({ headers }: FastifyRequest): Preferences =>
  new Negotiator({
    headers: { accept: beginning(headers.accept), 'accept-encoding': beginning(headers['accept-encoding']) },
  });

function beginning(list: string | string[] | undefined): string | undefined {
  const text = list === undefined ? undefined : String(list);
  if (text === undefined || text.length <= maxPreferencesLength) return text;
  return text.slice(0, text.lastIndexOf(',', maxPreferencesLength));
}

function checkMediaType({ name, accepts }: Task, mediaType: string): void {
  if (mediaType === 'application/json') return;
  if (accepts.kind === 'json') throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${name} accepts application/json only.`);
  if (mediaType === 'multipart/form-data') return;
  if (accepts.kind === 'form')
    throw new Failure(
      'UNSUPPORTED_MEDIA_TYPE',
      `${name} accepts several files. Send multipart/form-data with a file in each of the parts ${partsOf(accepts)}, or application/json.`,
    );
  if (!isUndeclared(mediaType)) checkAccepted(mediaType, accepts);
}

function checkBatchType({ accepts }: Task, mediaType: string): void {
  const takesForms = accepts.kind !== 'json';
  if (mediaType === 'application/json' || (takesForms && mediaType === 'multipart/form-data')) return;
  const parts =
    accepts.kind === 'form' ? `the parts ${partsOf(accepts)} for each input` : 'one part named "file" per input';
  const forms = takesForms ? `multipart/form-data with ${parts}, or ` : '';
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', `A batch must be ${forms}application/json with a list "inputs".`);
}

const partsOf = ({ parts }: FormInput): string =>
  Object.keys(parts)
    .map((name) => `"${name}"`)
    .join(', ');

/** Throws `UNSUPPORTED_MEDIA_TYPE` for a compressed body: images and audio are compressed already. */
export function checkContentEncoding(request: FastifyRequest): void {
  const encoding = contentEncoding(request);
  if (encoding === undefined) return;
  throw new Failure(
    'UNSUPPORTED_MEDIA_TYPE',
    `Content-Encoding ${encoding} is not supported. Send the body uncompressed.`,
  );
}

/** The encoding of the body in lower case; undefined if it has none. */
export function contentEncoding(request: FastifyRequest): string | undefined {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

export interface BodyAdmission {
  readonly maxBytes: number;
  /** What the body is for, where the headers say. */
  readonly target: { readonly dispatcher: ModelDispatcher; readonly timeoutMs: number } | undefined;
  /** The models to count a rejection for. */
  readonly models: readonly string[];
}

/**
 * The last checks by header of every protocol: the announced length, readiness and queue of the model. An announcement
 * takes no upload memory; the body does, as it arrives.
 */
export function admitBody(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
  { maxBytes, target, models }: BodyAdmission,
): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(gateway.limits.maxUploadBytes);
  const client = clientOf(request);
  target?.dispatcher.admit({ client, timeoutMs: timeoutOrMax(request, target.timeoutMs) });

  const lease = gateway.uploads.lease(client, () => {
    for (const model of models) gateway.requests.rejected(model, 'upload-memory');
  });
  request.uploadLease = lease;
  exchangeOf(reply).onEnd(() => lease.release());
}

/**
 * How long the client wants to wait: `x-timeout-seconds`, at most `maxMs`.
 * Throws `INVALID_PARAMETERS` for anything but a positive decimal number.
 */
export function timeoutOf(request: FastifyRequest, maxMs: number): number {
  const text = request.headers['x-timeout-seconds'];
  if (text === undefined) return maxMs;
  const seconds = typeof text === 'string' && /^\d{1,9}(\.\d{1,30})?$/.test(text.trim()) ? Number(text) : 0;
  if (seconds > 0) return Math.min(seconds * 1_000, maxMs);
  const issues = [{ path: 'x-timeout-seconds', message: 'Expected a positive decimal number of seconds' }];
  throw new Failure('INVALID_PARAMETERS', 'x-timeout-seconds: expected a positive decimal number of seconds.', {
    issues,
  });
}

/** A wrong `x-timeout-seconds` is reported in its turn, after the body. */
function timeoutOrMax(request: FastifyRequest, maxMs: number): number {
  try {
    return timeoutOf(request, maxMs);
  } catch {
    return maxMs;
  }
}
