import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { ByteProgress, type WeightsReport, type WeightsReporter } from '../byte-progress.ts';
import { type Download, redactUrl, type VerifiedFile } from '../weights-file.ts';
import { cachedFile, type CacheRecord, conditionalHeaders, readRecord, writeRecord } from './cache-record.ts';
import { asDownloadError, DownloadError } from './errors.ts';
import { PartialFile } from './partial-file.ts';
import { contentEncoding, discardBody, openResponse, readResponse } from './response.ts';

/*
 * How a download resumes. The bytes that arrived stay in the partial file between attempts.
 *
 * 1. The next attempt asks for the rest (`Range: bytes=N-`, `If-Range: ETAG`) only if the first response had a strong ETag and
 *    no content-encoding. Dates do not count: two versions may share a second. Otherwise it asks for the whole file.
 * 2. A 206 whose `Content-Range` starts at N, with the same ETag or none, is appended.
 * 3. A 200 is the whole file, because it has changed or the server cannot resume: what arrived is discarded.
 * 4. Any other 206, and 416, discard what arrived and count as a failed attempt.
 * 5. A wrong checksum discards everything and asks once more for the whole file, at once and unconditionally: the bytes may
 *    have been damaged on their way. The same wrong bytes twice are the server's. They are recorded, so that later starts ask
 *    with If-None-Match and download nothing while the server still has them.
 * 6. An attempt that brings at least `worthwhileBytes` which the next one can keep resets the count of retries: a large file
 *    over a bad line arrives in the end.
 */

/** Timeouts and retries of a download. */
export interface RetryOptions {
  /** Longest time to wait for a connection, for the headers, or between two pieces of the body. */
  readonly stallTimeoutMs: number;
  /** Before the first retry; doubled before each further one, less up to a half at random. */
  readonly initialDelayMs: number;
  /** Neither the doubling nor the server's `Retry-After` makes a delay longer. */
  readonly maxDelayMs: number;
  /** Retries in a row that bring nothing worth keeping. */
  readonly maxRetries: number;
}

export const defaultRetryOptions: RetryOptions = {
  stallTimeoutMs: 30_000,
  initialDelayMs: 1_000,
  maxDelayMs: 60_000,
  maxRetries: 4,
};
/** With a cached copy at hand there is less to wait for. */
const maxRetriesWithCopy = 1;
const worthwhileBytes = 1024 * 1024;
/** Beside 5xx. */
const retryableStatuses = new Set([408, 425, 429]);

export interface DownloadOptions extends WeightsReporter {
  /** Downloads are kept below it. */
  readonly cacheDirectory: string;
  /** Called when an attempt is over with what it brought, also if it failed. */
  readonly onDownloaded?: ((bytes: number, milliseconds: number) => void) | undefined;
  readonly retry?: RetryOptions;
}

/** The file arrived whole with a checksum other than the expected one. */
class ChecksumError extends DownloadError {
  override readonly name = 'ChecksumError';
  readonly record: CacheRecord;
  /** The same bytes arrived twice. */
  readonly confirmed: boolean;

  constructor(source: string, expected: string, record: CacheRecord, confirmed: boolean) {
    super(`Weights ${source} have sha256 ${record.sha256}, expected ${expected}.`);
    this.record = record;
    this.confirmed = confirmed;
  }
}

/**
 * A file of the cache, downloaded if it is missing or damaged. With a checksum the network is needed only for a file that is
 * missing; without, the server is asked whether its file has changed, and the copy serves while it cannot be reached.
 * @throws {DownloadError}
 */
export async function downloadWeights(file: Download, options: DownloadOptions): Promise<VerifiedFile> {
  const { url, sha256: expected } = file;
  const { cacheDirectory, progress, warn, onDownloaded, retry = defaultRetryOptions } = options;
  const folder = join(cacheDirectory, 'weights');
  const name = fileName(url);
  const cached = (sha256: string) => cachedFile(join(folder, sha256, name), sha256, { progress, warn });

  const complete = expected === undefined ? undefined : await cached(expected);
  if (complete !== undefined) return complete;
  const record = await readRecord(folder, url);
  const copy = expected === undefined && record !== undefined ? await cached(record.sha256) : undefined;
  const wrongBefore = expected !== undefined && record?.sha256 !== expected;

  const partial = await PartialFile.create(folder);
  const client = httpClient(retry.stallTimeoutMs);
  try {
    const transfer = new Transfer(client, partial, {
      url,
      name,
      expected,
      known: copy !== undefined || wrongBefore ? record : undefined,
      retry: copy === undefined ? retry : { ...retry, maxRetries: maxRetriesWithCopy },
      progress,
      onDownloaded,
    });
    const received = await transfer.run();
    if (copy !== undefined && received === record) return copy;
    const path = join(folder, received.sha256, name);
    await partial.keepAs(path);
    await writeRecord(folder, url, received);
    return { path, sha256: received.sha256 };
  } catch (error) {
    if (error instanceof ChecksumError && error.confirmed) await writeRecord(folder, url, error.record);
    if (copy === undefined || !(error instanceof DownloadError && error.retryable)) throw error;
    warn(`${error.message}; using the cached copy with sha256 ${copy.sha256}`);
    return copy;
  } finally {
    await partial.dispose();
    await client.destroy();
  }
}

/** The last part of the URL's path, valid in every file system. */
function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const plain = last.replaceAll(/[^\w.-]/g, '_').slice(-100);
  return /^[._]*$/.test(plain) ? 'weights' : plain;
}

const httpClient = (timeout: number): Dispatcher =>
  new EnvHttpProxyAgent({ headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout } });

interface TransferOptions {
  readonly url: string;
  readonly name: string;
  readonly expected: string | undefined;
  /** If the server still has this, nothing is downloaded. */
  readonly known: CacheRecord | undefined;
  readonly retry: RetryOptions;
  readonly progress: (report: WeightsReport) => void;
  readonly onDownloaded: DownloadOptions['onDownloaded'];
}

/** Fills a partial file from a URL, in as many attempts as it takes. */
class Transfer {
  readonly #client: Dispatcher;
  readonly #partial: PartialFile;
  readonly #options: TransferOptions;
  readonly #source: string;
  readonly #progress: ByteProgress;
  /** Of the bytes in the partial file, if they can be resumed. */
  #etag: string | undefined;
  /** Where the last attempt ended that brought enough. */
  #worthwhileLength = 0;
  #checksumError: ChecksumError | undefined;

  constructor(client: Dispatcher, partial: PartialFile, options: TransferOptions) {
    this.#client = client;
    this.#partial = partial;
    this.#options = options;
    this.#source = redactUrl(options.url);
    this.#progress = new ByteProgress('downloading', options.name, options.progress);
  }

  /** The record of what is in the partial file, or `known` itself if the server still has that. */
  async run(): Promise<CacheRecord> {
    const { retry } = this.#options;
    for (let retries = 0; ;) {
      try {
        return await this.#attempt();
      } catch (cause) {
        const error = asDownloadError(cause, this.#source);
        if (error instanceof ChecksumError) {
          if (this.#checksumError !== undefined || error.confirmed) throw error;
          await this.#startOver(error);
          continue;
        }
        if (this.#wasWorthwhile()) retries = 0;
        if (!error.retryable || retries >= retry.maxRetries) throw error;
        retries += 1;
        const delayMs = retryDelay(retries, error.retryAfterMs, retry);
        this.#progress.explain(`${error.message}; retrying in ${(delayMs / 1_000).toFixed(1)} s`);
        await sleep(delayMs);
      }
    }
  }

  async #attempt(): Promise<CacheRecord> {
    const { url, known } = this.#options;
    const resumes = this.#partial.byteLength > 0 && this.#etag !== undefined;
    const conditions = known === undefined || this.#checksumError !== undefined ? {} : conditionalHeaders(known);
    const range = { range: `bytes=${this.#partial.byteLength}-`, 'if-range': this.#etag ?? '' };
    const headers = { ...(resumes ? range : conditions), 'accept-encoding': 'identity' };
    const response = await openResponse(url, headers, this.#client);
    try {
      const isConditional = !resumes && Object.keys(conditions).length > 0;
      if (known !== undefined && isConditional && response.statusCode === 304) return this.#verified(known);
      await this.#checkStatus(response, resumes);
    } catch (error) {
      discardBody(response);
      throw error;
    }
    const { etag, 'last-modified': lastModified } = response.headers;
    if (!resumes) this.#etag = contentEncoding(response) === undefined ? strong(etag) : undefined;
    await this.#read(response);
    return this.#verified({
      sha256: this.#partial.sha256,
      ...(typeof etag === 'string' ? { etag } : {}),
      ...(typeof lastModified === 'string' ? { lastModified } : {}),
    });
  }

  async #read(response: Dispatcher.ResponseData): Promise<void> {
    const startedAt = performance.now();
    const before = this.#partial.byteLength;
    try {
      await readResponse(response, { source: this.#source, partial: this.#partial, progress: this.#progress });
    } finally {
      this.#options.onDownloaded?.(this.#partial.byteLength - before, performance.now() - startedAt);
    }
  }

  #verified(record: CacheRecord): CacheRecord {
    const { expected, known } = this.#options;
    if (expected === undefined || record.sha256 === expected) return record;
    const confirmed = record === known || record.sha256 === this.#checksumError?.record.sha256;
    throw new ChecksumError(this.#source, expected, record, confirmed);
  }

  /** Leaves the partial file such that the body of the response continues it. */
  async #checkStatus({ statusCode, statusText, headers }: Dispatcher.ResponseData, resumes: boolean): Promise<void> {
    const have = this.#partial.byteLength;
    const range = String(headers['content-range'] ?? '');
    const sameFile = headers['etag'] === undefined || headers['etag'] === this.#etag;
    if (statusCode === 206 && resumes && sameFile && range.startsWith(`bytes ${have}-`)) return;
    if (statusCode === 206 || statusCode === 416) {
      await this.#partial.restart();
      throw new DownloadError(
        `${this.#source} cannot be downloaded: the server did not send the range it was asked for`,
        {
          retryable: true,
        },
      );
    }
    if (statusCode === 200) {
      if (have > 0) await this.#partial.restart();
      return;
    }
    throw new DownloadError(`${this.#source} cannot be downloaded: ${statusCode} ${statusText}`.trimEnd(), {
      retryable: statusCode >= 500 || retryableStatuses.has(statusCode),
      notFound: statusCode === 404 || statusCode === 410,
      retryAfterMs: retryAfter(headers['retry-after']?.toString()),
    });
  }

  async #startOver(error: ChecksumError): Promise<void> {
    this.#checksumError = error;
    this.#etag = undefined;
    await this.#partial.restart();
  }

  #wasWorthwhile(): boolean {
    const { byteLength } = this.#partial;
    if (this.#etag === undefined || byteLength < this.#worthwhileLength + worthwhileBytes) return false;
    this.#worthwhileLength = byteLength;
    return true;
  }
}

/** A weak ETag does not promise the same bytes. */
const strong = (etag: string | string[] | undefined): string | undefined =>
  typeof etag === 'string' && etag.startsWith('"') ? etag : undefined;

/** The first delay is `initialDelayMs`. Randomness keeps servers that started together apart. */
export function retryDelay(
  retry: number,
  retryAfterMs: number,
  { initialDelayMs, maxDelayMs }: RetryOptions,
  random: () => number = Math.random,
): number {
  const doubledMs = initialDelayMs * 2 ** (retry - 1);
  return Math.min(Math.max(doubledMs * (1 - random() / 2), retryAfterMs), maxDelayMs);
}

/** `Retry-After` (seconds or a date) in milliseconds from now; 0 if it is missing or unreadable. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  return Math.max(0, (Date.parse(header) || now) - now);
}
