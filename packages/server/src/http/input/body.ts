import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { ByteLease } from '../../dispatch/byte-budget.ts';
import type { Gateway } from '../gateway.ts';

/** A body that sends nothing for so long is abandoned, because it holds memory that others wait for. */
const defaultIdleMs = 10_000;
/** What boundaries, part headers and fields may add to the file in a form. */
const formOverheadBytes = 64 * 1024;

/** Node destroys the stream of a request whose connection ends; the parser of forms has a code of its own. */
const brokenCodes = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'FST_MP_PREMATURE_CLOSE']);

/** Maximum size of a JSON body with a file in it: base64 is a third longer, and there are parameters. */
export const maxJsonBytes = (maxUploadBytes: number): number => Math.ceil(maxUploadBytes / 3) * 4 + 64 * 1024;

/** Maximum size of a body of this media type, with a file of at most `maxUploadBytes` in it. */
export function maxBodyBytes(mediaType: string, maxUploadBytes: number): number {
  if (mediaType === 'application/json') return maxJsonBytes(maxUploadBytes);
  return mediaType === 'multipart/form-data' ? maxUploadBytes + formOverheadBytes : maxUploadBytes;
}

export const tooLarge = (maxUploadBytes: number): Failure =>
  new Failure('TOO_LARGE', `The upload is larger than ${maxUploadBytes / (1024 * 1024)} MiB (MAX_UPLOAD_MB).`);

/** Reads a whole body of at most `maxBytes`. Throws `BAD_INPUT` where a request has none. */
export async function readBody(
  gateway: Gateway,
  request: FastifyRequest,
  maxBytes: number,
  body = request.body as Readable | undefined,
): Promise<Buffer> {
  const reader = bodyReader(gateway, request, maxBytes);
  return withBodyLimits(request.raw, { maxBytes, maxUploadBytes: gateway.limits.maxUploadBytes }, async () => {
    // Without content type and length a request has no body at all.
    if (body === undefined) throw new Failure('BAD_INPUT', 'The upload is empty.');
    return reader.readAll(body);
  });
}

export interface BodyLimits {
  /** Of the whole body: in a form, files, fields, part headers, and whatever is around them. */
  readonly maxBytes: number;
  /** The limit to name in the error. */
  readonly maxUploadBytes: number;
  readonly idleMs?: number;
}

/**
 * Runs `read` while it counts the bytes of the connection and watches for pauses. A parser of forms reports files and
 * fields only, and would read anything else to its end.
 * Rejects with `TOO_LARGE` or `REQUEST_TIMEOUT`, and then `read` goes on unheeded.
 */
export async function withBodyLimits<Result>(
  request: IncomingMessage,
  { maxBytes, maxUploadBytes, idleMs = defaultIdleMs }: BodyLimits,
  read: () => Promise<Result>,
): Promise<Result> {
  let stop = (): void => {};
  const exceeded = new Promise<never>((_resolve, reject) => {
    let arrivedBytes = 0;
    const onIdle = (): void => reject(new Failure('REQUEST_TIMEOUT', `No body data received for ${idleMs / 1_000} s.`));
    let timer = setTimeout(onIdle, idleMs);
    const onData = (chunk: Buffer): void => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, idleMs);
      arrivedBytes += chunk.length;
      if (arrivedBytes > maxBytes) reject(tooLarge(maxUploadBytes));
    };
    request.on('data', onData);
    stop = () => {
      clearTimeout(timer);
      request.off('data', onData);
    };
  });
  // The reader attaches itself within this turn, before the first byte flows.
  const reading = read();
  reading.catch(() => {});
  try {
    return await Promise.race([reading, exceeded]);
  } finally {
    stop();
  }
}

/** A reader for the body of this request, which counts against its share of the upload memory. */
export function bodyReader(gateway: Gateway, request: FastifyRequest, maxBytes: number): BodyReader {
  return new BodyReader({
    lease: request.uploadLease ?? gateway.uploads.lease(),
    maxBytes,
    maxUploadBytes: gateway.limits.maxUploadBytes,
    onBroken: () => request.failure ?? new Failure('CANCELLED', 'The client closed the connection during the upload.'),
  });
}

export interface BodyReaderOptions {
  /** The request's share of the upload memory. */
  readonly lease: ByteLease;
  readonly maxBytes: number;
  /** The limit to name in the error; a body may be larger than the file in it. */
  readonly maxUploadBytes: number;
  /** The failure for a body that ends half-way. */
  readonly onBroken: () => Failure;
}

/** Counts the bytes of a request against its limit and against the upload memory. */
export class BodyReader {
  readonly #options: BodyReaderOptions;
  #readBytes = 0;

  constructor(options: BodyReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a stream to its end. Throws `TOO_LARGE` as soon as the limit is passed, `OVERLOADED` when the upload memory is
   * full, `CANCELLED` when the client leaves.
   */
  async readAll(stream: Readable): Promise<Buffer> {
    const { lease, maxBytes, maxUploadBytes } = this.#options;
    const chunks: Buffer[] = [];
    try {
      // A refused body is not destroyed: its connection still has to carry the response.
      const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      for await (const chunk of iterator) {
        this.#readBytes += chunk.length;
        if (this.#readBytes > maxBytes) throw tooLarge(maxUploadBytes);
        lease.growTo(this.#readBytes);
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.explain(error);
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }

  /** The failure behind the error of a body that ended half-way; any other error unchanged. */
  explain(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return brokenCodes.has(code) ? this.#options.onBroken() : error;
  }
}
