import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, createInflate, deflate, gzip } from 'node:zlib';
import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { readAll, tooLarge, uploadLease } from '../input/body.ts';
import { contentEncoding, preferencesOf } from '../input/headers.ts';

/** Below it compression saves no packet. */
const minBytes = 1_024;
const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) };

type Compression = keyof typeof compressors;

/** How the body is compressed, if at all. Throws `UNSUPPORTED_MEDIA_TYPE` for an unknown encoding. */
export function compressionOf(request: FastifyRequest): Compression | undefined {
  const encoding = contentEncoding(request);
  if (encoding === undefined) return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'deflate') return 'deflate';
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', `Content-Encoding ${encoding} is not supported. Use gzip or deflate.`);
}

/**
 * Decompresses a body. What comes out is counted, and decompression stops as soon as it is too much.
 * Throws `BAD_INPUT` for a body that is not compressed as declared.
 */
export async function decompress(gateway: Gateway, request: FastifyRequest, body: Buffer): Promise<Buffer> {
  const compression = compressionOf(request);
  if (compression === undefined) return body;
  const lease = uploadLease(gateway, request);
  const { maxUploadBytes } = gateway.limits;
  const inflater = compression === 'gzip' ? createGunzip() : createInflate();
  let inflatedBytes = 0;
  try {
    const inflated = await readAll(Readable.from([body]).pipe(inflater), ({ length }) => {
      inflatedBytes += length;
      if (inflatedBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
      lease.take(length);
    });
    // What was sent is dropped.
    lease.giveBack(body.byteLength);
    return inflated;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // The codes of zlib: Z_DATA_ERROR, Z_BUF_ERROR …
    if (!code.startsWith('Z_')) throw error;
    throw new Failure('BAD_INPUT', `The body is not valid ${compression}.`, { cause: error });
  } finally {
    inflater.destroy();
  }
}

/** How the client's Accept-Encoding wants a body compressed, if at all. */
export function encodingFor(request: FastifyRequest, body: Buffer): Compression | undefined {
  if (request.headers['accept-encoding'] === undefined || body.length < minBytes) return undefined;
  const encoding = preferencesOf(request).encoding(['gzip', 'deflate', 'identity']);
  return encoding === 'gzip' || encoding === 'deflate' ? encoding : undefined;
}

export const compress = (compression: Compression, body: Buffer): Promise<Buffer> =>
  // More effort makes tensors hardly smaller.
  compressors[compression](body, { level: constants.Z_BEST_SPEED });
