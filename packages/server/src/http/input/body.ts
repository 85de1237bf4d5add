import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Failure, isFailure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { ByteLease } from '../../dispatch/byte-budget.ts';
import type { Gateway } from '../gateway.ts';
import { clientOf } from '../plugins/clients.ts';

/** What boundaries, part headers and fields may add to the file in a form. */
const formOverheadBytes = 64 * 1024;

/** Maximum size of a JSON body with a file in it: base64 is a third longer, and there are parameters. */
export const maxJsonBytes = (maxUploadBytes: number): number => Math.ceil(maxUploadBytes / 3) * 4 + 64 * 1024;

/** What may be decoded out of a JSON body: base64 is a third longer. Nothing of a small one is decoded by itself. */
export const decodedBytes = ({ length }: Uint8Array): number =>
  length <= formOverheadBytes ? 0 : Math.ceil(length * 0.75);

/** Maximum size of a body of this media type, with a file of at most `maxUploadBytes` in it. */
export function maxBodyBytes(mediaType: string, maxUploadBytes: number): number {
  if (mediaType === 'application/json') return maxJsonBytes(maxUploadBytes);
  return mediaType === 'multipart/form-data' ? maxUploadBytes + formOverheadBytes : maxUploadBytes;
}

export const tooLarge = (maxUploadBytes: number): Failure =>
  new Failure('TOO_LARGE', `The upload is larger than ${maxUploadBytes / (1024 * 1024)} MiB (MAX_UPLOAD_MB).`);

/** Without a length or an encoding a request has no body, not even an empty one. */
export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** Reads a whole body of at most `maxBytes`. Throws `BAD_INPUT` where a request has none, and what `receiveBody` throws. */
export async function readBody(gateway: Gateway, request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const lease = uploadLease(gateway, request);
  if (!hasBody(request)) {
    lease.release();
    throw new Failure('BAD_INPUT', 'The upload is empty.');
  }
  try {
    return await collectBody(request.raw, { lease, maxBytes, maxUploadBytes: gateway.limits.maxUploadBytes });
  } catch (error) {
    throw isFailure(error) && error.code === 'CANCELLED' ? (request.failure ?? error) : error;
  }
}

/**
 * Runs `read`, which reads the body of this request. All of a body counts: in a form files, fields, part headers and
 * whatever is around them. A parser of forms reports files and fields only, and would read anything else to its end.
 * Rejects with `TOO_LARGE` as soon as there are more than `maxBytes`; with `REQUEST_TIMEOUT`, `OVERLOADED` or `RATE_LIMITED`
 * when the body has no place in the upload memory, or loses it; with `CANCELLED` when the client leaves.
 * @param read must call `check` before it keeps a chunk: it throws once the body has been refused, and returns false once the
 *   request has been answered without its handler, whose client may still send for a while.
 */
export function receiveBody<Result>(
  gateway: Gateway,
  request: FastifyRequest,
  maxBytes: number,
  read: (check: () => boolean) => Promise<Result>,
): Promise<Result> {
  const lease = uploadLease(gateway, request);
  return withBodyLimits(request.raw, { lease, maxBytes, maxUploadBytes: gateway.limits.maxUploadBytes }, read);
}

export const clientLeft = (): Failure =>
  new Failure('CANCELLED', 'The client closed the connection during the upload.');

/** The request's share of the upload memory. */
export function uploadLease(gateway: Gateway, request: FastifyRequest): ByteLease {
  request.uploadLease ??= gateway.uploads.lease(clientOf(request));
  return request.uploadLease;
}

export interface BodyLimits {
  /** The request's share of the upload memory. */
  readonly lease: ByteLease;
  readonly maxBytes: number;
  /** The limit to name in the error; a body may be larger than the file in it. */
  readonly maxUploadBytes: number;
}

/** Counts the chunks of a body as they arrive; throws where they exceed the limit or the upload memory. */
function byteCounter({ lease, maxBytes, maxUploadBytes }: BodyLimits): (chunk: Buffer) => void {
  let arrivedBytes = 0;
  return ({ length }) => {
    arrivedBytes += length;
    lease.arrived(length);
    if (arrivedBytes > maxBytes) throw tooLarge(maxUploadBytes);
    lease.take(length);
  };
}

/** Runs `read` while it counts the bytes of the connection, against the limit and against the upload memory. */
export async function withBodyLimits<Result>(
  request: IncomingMessage,
  limits: BodyLimits,
  read: (check: () => boolean) => Promise<Result>,
): Promise<Result> {
  const { lease } = limits;
  const count = byteCounter(limits);
  let refusal: unknown;
  let reject!: (failure: unknown) => void;
  const refused = new Promise<never>((_resolve, rejectRefused) => {
    reject = rejectRefused;
  });
  const refuse = (failure: unknown): void => {
    refusal ??= failure;
    reject(failure);
  };
  const onData = (chunk: Buffer): void => {
    try {
      count(chunk);
    } catch (failure) {
      refuse(failure);
    }
  };
  request.on('data', onData);
  lease.begin(refuse);
  // The reader attaches itself within this turn, before the first byte flows.
  const reading = read(() => {
    if (refusal !== undefined) throw refusal;
    return !lease.released;
  });
  reading.catch(() => {});
  try {
    const result = await Promise.race([reading, refused]);
    lease.complete();
    return result;
  } catch (error) {
    lease.release();
    throw error;
  } finally {
    request.off('data', onData);
  }
}

/**
 * Collects a whole body within the same limits, without the iterator of a stream, which takes longer than everything else in a
 * small request.
 */
function collectBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { lease } = limits;
  return new Promise((resolve, reject) => {
    const count = byteCounter(limits);
    const pieces = new BodyPieces();
    const settle = (): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
    };
    const refuse = (failure: unknown): void => {
      settle();
      lease.release();
      reject(failure);
    };
    const onData = (chunk: Buffer): void => {
      // It has been answered without its handler, and its client still sends.
      if (lease.released) return;
      try {
        count(chunk);
      } catch (failure) {
        return refuse(failure);
      }
      pieces.add(chunk);
    };
    const onEnd = (): void => {
      if (lease.released) return refuse(clientLeft());
      settle();
      lease.complete();
      resolve(pieces.joined());
    };
    const onClose = (): void => refuse(clientLeft());
    if (request.destroyed) return refuse(clientLeft());
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    lease.begin(refuse);
  });
}

/** Pieces that are joined before the end, so many at a time if they have no more bytes than this. */
const piecesPerJoin = 256;
const maxJoinedBytes = 256 * 1024;

/**
 * The pieces of a body as they arrive. A client chooses their size, and each takes 400 bytes besides: short ones are joined at
 * once.
 */
export class BodyPieces {
  readonly #pieces: Buffer[] = [];
  /** Since pieces were last joined, or were too long for it. */
  #newPieces = 0;
  #newBytes = 0;

  /** Buffers that are held. */
  get count(): number {
    return this.#pieces.length;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#newPieces += 1;
    this.#newBytes += piece.length;
    if (this.#newPieces < piecesPerJoin) return;
    if (this.#newBytes <= maxJoinedBytes) this.#pieces.push(Buffer.concat(this.#pieces.splice(-piecesPerJoin)));
    this.#newPieces = 0;
    this.#newBytes = 0;
  }

  /** All of it, without a copy where there is one piece only. */
  joined(): Buffer {
    return this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
  }
}

/**
 * Reads a stream to its end. It is not destroyed when the reader stops: the connection of a refused body still has to
 * carry the response.
 * @param onChunk may throw to stop.
 */
export async function readAll(stream: Readable, onChunk?: (chunk: Buffer) => void): Promise<Buffer> {
  const pieces = new BodyPieces();
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    onChunk?.(chunk);
    pieces.add(chunk);
  }
  return pieces.joined();
}
