import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ByteLease } from '../../dispatch/byte-budget.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { tooLarge } from '../input/body-reader.ts';
import { checkContentEncoding } from '../input/content-encoding.ts';
import { jsonBodyLimit } from '../input/json-input.ts';
import { accepted, isUndeclared, normalMediaType } from '../input/media-type.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { answerType, answerTypes } from '../input/accept-header.ts';
import type { ServedModel } from '../served-model.ts';

/** What boundaries, part headers and fields may add to the file in a form. */
const formOverheadBytes = 64 * 1024;

/** Everything that can be decided by the headers alone, before a byte of the body is read. */
export function admitUpload(gateway: Gateway, model: ServedModel, only?: 'multipart only') {
  const { name } = model.task;
  const [asked, types] = only === undefined ? [name, answerTypes(model.task)] : [`${name}/batch`, ['application/json']];
  const admit = (request: FastifyRequest, reply: FastifyReply): void => {
    answerType(request, asked, types);
    const mediaType = normalMediaType(request.headers['content-type']);
    checkMediaType(model, mediaType, only);
    checkContentEncoding(request);
    checkAnnounced(request, bodyLimit(mediaType, gateway.limits.maxUploadBytes), gateway.limits.maxUploadBytes);
    model.dispatcher.admit(deadlineOrCap(request, model.timeoutMs));
    leaseUpload(gateway, request, reply, [model.task.name]);
  };
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      admit(request, reply);
    } catch (error) {
      gateway.requests.ended(model.task.name, failureOfError(error).code, reply.elapsedTime);
      throw error;
    }
  };
}

/** Refuses a body whose length is known to be too much. */
export function checkAnnounced(request: FastifyRequest, limitBytes: number, maxUploadBytes: number): void {
  if (announcedBytes(request) > limitBytes) throw tooLarge(maxUploadBytes);
}

/** Takes what the request announces from the memory for uploads, and more as it comes, until the connection is done. */
export function leaseUpload(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
  models: readonly string[],
): void {
  const lease = gateway.uploads.lease();
  reply.raw.once('close', () => lease.release());
  request.uploadLease = {
    growTo: (bytes) => {
      try {
        lease.growTo(bytes);
      } catch (error) {
        for (const model of models) gateway.requests.uploadRejected(model);
        throw error;
      }
    },
    release: () => lease.release(),
  };
  request.uploadLease.growTo(announcedBytes(request));
}

const announcedBytes = (request: FastifyRequest): number => Number(request.headers['content-length'] ?? 0);

function checkMediaType(model: ServedModel, mediaType: string, only: 'multipart only' | undefined): void {
  const { accepts } = model.task;
  if (mediaType === 'multipart/form-data' && accepts.kind !== 'json') return;
  if (only !== undefined)
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', 'A batch is a multipart form with several parts named "file".');
  if (mediaType === 'application/json') return;
  if (accepts.kind === 'json')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${model.task.name} takes application/json.`);
  if (!isUndeclared(mediaType)) accepted(mediaType, accepts);
}

export function bodyLimit(mediaType: string, maxUploadBytes: number): number {
  if (mediaType === 'application/json') return jsonBodyLimit(maxUploadBytes);
  return mediaType === 'multipart/form-data' ? maxUploadBytes + formOverheadBytes : maxUploadBytes;
}

/** A wrong timeout header is reported in its turn, after the body. */
export function deadlineOrCap(request: FastifyRequest, cap: number): number {
  try {
    return deadlineOf(request, cap);
  } catch {
    return cap;
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's share of the memory for uploads; released when its connection is done with it. */
    uploadLease?: ByteLease;
  }
}
