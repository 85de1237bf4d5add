import { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { BodyReader } from '../input/body-reader.ts';

type Compression = 'gzip' | 'deflate';

/** How the body was compressed, if at all. Throws `UNSUPPORTED_MEDIA_TYPE` for what cannot be undone here. */
export function compressionOf(request: FastifyRequest): Compression | undefined {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'deflate') return 'deflate';
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', `Content-Encoding ${encoding} is not accepted: use gzip or deflate.`);
}

/**
 * Undoes the compression of a body. The reader counts what comes out, and stops as soon as it is too much.
 * Throws `BAD_INPUT` for what is not compressed like this.
 */
export async function inflate(body: Uint8Array, compression: Compression, reader: BodyReader): Promise<Uint8Array> {
  const inflater = compression === 'gzip' ? createGunzip() : createInflate();
  try {
    return await reader.readAll(Readable.from([body]).pipe(inflater));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // The codes of zlib: Z_DATA_ERROR, Z_BUF_ERROR …
    if (!code.startsWith('Z_')) throw error;
    throw new Failure('BAD_INPUT', `The body is not valid ${compression}.`, { cause: error });
  } finally {
    inflater.destroy();
  }
}
