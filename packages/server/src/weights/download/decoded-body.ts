import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { DownloadFailure } from './download-failure.ts';

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & AsyncIterable<unknown>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The file itself: some stores send what they hold compressed, whatever they are asked for. */
export function decodedBody(body: Readable, encoding: string | undefined, source: string): AsyncIterable<Uint8Array> {
  if (encoding === undefined) return body as AsyncIterable<Uint8Array>;
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined;
  if (decoder === undefined) {
    body.on('error', () => {}).destroy();
    throw new DownloadFailure(`${source} cannot be downloaded: it comes with content-encoding ${encoding}`);
  }
  // An error of either destroys both, and is thrown to whoever reads.
  pipeline(body, decoder, () => {});
  return decoder as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
}
