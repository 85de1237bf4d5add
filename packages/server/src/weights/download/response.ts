import { statfs } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { type ByteProgress, sizeInWords } from '../byte-progress.ts';
import { redactUrl } from '../weights-file.ts';
import { DownloadError, inCache } from './errors.ts';
import type { PartialFile } from './partial-file.ts';

const maxRedirects = 10;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** No weights are larger; a server that sends without end must not fill the disk. */
const maxBytes = 64e9;

/**
 * Requests a URL and follows redirects. `user:password@` is sent as Basic authorization, to that origin only, and no redirect
 * leads from https to http.
 */
export async function openResponse(
  given: string,
  headers: Readonly<Record<string, string>>,
  client: Dispatcher,
): Promise<Dispatcher.ResponseData> {
  const first = new URL(given);
  const authorization = basicAuthorization(first);
  let url = first;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await request(withoutCredentials(url), {
      dispatcher: client,
      headers: { ...headers, ...(url.origin === first.origin ? authorization : {}) },
    });
    const { location } = response.headers;
    if (!redirectStatuses.has(response.statusCode) || typeof location !== 'string') return response;
    discardBody(response);
    url = redirectTarget(location, url);
  }
  throw new DownloadError(`${redactUrl(given)} cannot be downloaded: more than ${maxRedirects} redirects`);
}

/** Where a redirect leads: http or https, and from https only the latter. */
export function redirectTarget(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (next !== undefined && allowed.includes(next.protocol)) return next;
  const target = next === undefined ? 'an invalid URL' : redactUrl(next);
  throw new DownloadError(`${redactUrl(from)} cannot be downloaded: it redirects to ${target}, which is not followed`);
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A `%` that encodes nothing is itself. */
const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Frees the connection of a body that is not read. */
export const discardBody = ({ body }: Dispatcher.ResponseData): void => void body.on('error', () => {}).destroy();

export interface ReadOptions {
  /** The URL without secrets. */
  readonly source: string;
  readonly partial: PartialFile;
  readonly progress: ByteProgress;
}

/** Appends the body of a 200 or 206 to the partial file. */
export async function readResponse(response: Dispatcher.ResponseData, options: ReadOptions): Promise<void> {
  const { source, partial, progress } = options;
  const encoding = contentEncoding(response);
  const total = encoding === undefined ? totalBytes(response, partial.byteLength) : undefined;
  try {
    if ((total ?? 0) > maxBytes) throw tooLarge(source);
    await checkRoom(partial.folder, source, (total ?? 0) - partial.byteLength);
    progress.start(partial.byteLength, total ?? null);
    for await (const chunk of decodedBody(response.body, encoding, source)) {
      if (partial.byteLength + chunk.byteLength > maxBytes) throw tooLarge(source);
      await partial.append(chunk);
      progress.update(partial.byteLength);
    }
  } finally {
    discardBody(response);
  }
  if (total === undefined || partial.byteLength === total) return;
  const received = `received ${partial.byteLength} of ${total} bytes`;
  throw new DownloadError(`${source} cannot be downloaded: ${received}`, { retryable: true });
}

/** Undefined for a body that is sent as it is. */
export function contentEncoding({ headers }: Dispatcher.ResponseData): string | undefined {
  const encoding = String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase();
  return encoding === 'identity' || encoding === '' ? undefined : encoding;
}

/** Length of the whole file, of which `have` bytes have arrived before; undefined if the response does not say. */
function totalBytes({ headers }: Dispatcher.ResponseData, have: number): number | undefined {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d+$/.test(length) ? have + Number(length) : undefined;
}

const tooLarge = (source: string): DownloadError =>
  new DownloadError(`${source} cannot be downloaded: it is larger than ${sizeInWords(maxBytes)}`);

async function checkRoom(folder: string, source: string, needed: number): Promise<void> {
  const { bavail, bsize } = await inCache(folder, () => statfs(folder));
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new DownloadError(
    `There is no room for ${source} in ${folder}: it needs ${sizeInWords(needed)}, ${sizeInWords(free)} are free. Free some, or set MODEL_CACHE_DIR to another folder.`,
  );
}

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & AsyncIterable<unknown>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The file itself: some servers send it compressed although `accept-encoding` says `identity`. */
function decodedBody(body: Readable, encoding: string | undefined, source: string): AsyncIterable<Uint8Array> {
  if (encoding === undefined) return body as AsyncIterable<Uint8Array>;
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined;
  if (decoder === undefined) {
    throw new DownloadError(`${source} cannot be downloaded: content-encoding ${encoding} is not supported`);
  }
  // An error of either destroys both, and the iteration throws it.
  pipeline(body, decoder, () => {});
  return decoder as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
}
