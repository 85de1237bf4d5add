import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { redactUrl } from '../redact-url.ts';
import { DownloadFailure, networkFailure, WrongBytes } from './download-failure.ts';
import { DownloadProgress } from './download-progress.ts';
import { openResponse } from './open-response.ts';
import { PartialFile } from './partial-file.ts';
import type { Patience } from './patience.ts';
import { readResponse } from './read-response.ts';
import { type RememberedDownload, conditions } from './remembered-download.ts';
import { retryAfter, retryDelay } from './retry-delay.ts';

export interface FetchOptions {
  readonly url: string;
  /** For people. */
  readonly name: string;
  /** Where the file grows; it is on the disk on which it is kept. */
  readonly folder: string;
  readonly expected: string | undefined;
  /** If the server still has this, nothing is downloaded. */
  readonly unless: RememberedDownload | undefined;
  readonly patience: Patience;
  readonly progress: (detail: string) => void;
}

/** A file that has arrived, or `unchanged`. Its client keeps or disposes of what is in `partial`. */
export type Fetched = 'unchanged' | { readonly partial: PartialFile; readonly told: RememberedDownload };

/** What an attempt brings is worth keeping, and attempts are counted anew, from here on. */
const worthwhileBytes = 1024 * 1024;
const passingStatuses = new Set([408, 425, 429]);

/** Downloads into a partial file: again after what passes by, on from where it was cut where the server can do that. */
export async function fetchFile(options: FetchOptions): Promise<Fetched> {
  const { stallMs } = options.patience;
  const timeouts = { headersTimeout: stallMs, bodyTimeout: stallMs };
  const client = new EnvHttpProxyAgent({ ...timeouts, connect: { timeout: stallMs } });
  const partial = await PartialFile.create(options.folder);
  let kept = false;
  try {
    const fetched = await new Fetching(options, client, partial).untilItIsThere();
    kept = fetched !== 'unchanged';
    return fetched;
  } finally {
    if (!kept) await partial.dispose();
    await client.destroy();
  }
}

class Fetching {
  readonly #options: FetchOptions;
  readonly #client: Dispatcher;
  readonly #partial: PartialFile;
  readonly #source: string;
  readonly #progress: DownloadProgress;
  /** A strong one says that what follows belongs to what has come. */
  #etag: string | undefined;
  #furthest = 0;
  #wrong: WrongBytes | undefined;

  constructor(options: FetchOptions, client: Dispatcher, partial: PartialFile) {
    this.#options = options;
    this.#client = client;
    this.#partial = partial;
    this.#source = redactUrl(options.url);
    this.#progress = new DownloadProgress(options.name, options.progress);
  }

  async untilItIsThere(): Promise<Fetched> {
    const { patience, name, progress } = this.#options;
    for (let failures = 0; ;) {
      try {
        return await this.#attempt();
      } catch (error) {
        const failure = networkFailure(error, this.#source);
        if (failure instanceof WrongBytes) {
          if (this.#wrong !== undefined) throw failure;
          await this.#startOver(failure);
          continue;
        }
        failures = this.#broughtMuch() ? 1 : failures + 1;
        if (!failure.passing || failures >= patience.attempts) throw failure;
        const delay = retryDelay(failures, failure.retryAfterMs, patience);
        progress(`downloading ${name}: ${failure.message}; trying again in ${(delay / 1_000).toFixed(1)} s`);
        await sleep(delay);
      }
    }
  }

  async #attempt(): Promise<Fetched> {
    const { url, folder, expected, unless } = this.#options;
    const have = this.#partial.byteLength;
    const resumed = have > 0 && this.#etag !== undefined;
    const headers = resumed ? { range: `bytes=${have}-`, 'if-range': this.#etag ?? '' } : this.#conditions();
    const response = await openResponse(url, { ...headers, 'accept-encoding': 'identity' }, this.#client);
    try {
      if (response.statusCode === 304 && unless !== undefined) return 'unchanged';
      await this.#checkStatus(response, resumed);
    } catch (error) {
      response.body.on('error', () => {}).destroy();
      throw error;
    }
    const { etag, 'last-modified': lastModified } = response.headers;
    if (!resumed) this.#etag = typeof etag === 'string' && etag.startsWith('"') ? etag : undefined;
    await readResponse(response, { source: this.#source, folder, partial: this.#partial, progress: this.#progress });

    const { sha256 } = this.#partial;
    const told = {
      sha256,
      ...(typeof etag === 'string' ? { etag } : {}),
      ...(typeof lastModified === 'string' ? { lastModified } : {}),
    };
    if (expected !== undefined && sha256 !== expected) throw this.#wrongBytes(expected, told);
    return { partial: this.#partial, told };
  }

  /** After wrong bytes the whole file is asked for. */
  #conditions(): Record<string, string> {
    const { unless } = this.#options;
    return unless === undefined || this.#wrong !== undefined ? {} : conditions(unless);
  }

  /** Leaves the partial file so that the body of the response belongs after it. */
  async #checkStatus({ statusCode, statusText, headers }: Dispatcher.ResponseData, resumed: boolean): Promise<void> {
    const have = this.#partial.byteLength;
    const range = String(headers['content-range'] ?? '');
    const same = headers['etag'] === undefined || headers['etag'] === this.#etag;
    if (statusCode === 206 && resumed && same && range.startsWith(`bytes ${have}-`)) return;
    if (statusCode === 206 || statusCode === 416) {
      await this.#partial.restart();
      throw new DownloadFailure(`${this.#source} cannot be downloaded: another part came than asked for`, {
        passing: true,
      });
    }
    if (statusCode === 200) {
      if (have > 0) await this.#partial.restart();
      return;
    }
    throw new DownloadFailure(`${this.#source} cannot be downloaded: ${statusCode} ${statusText}`.trimEnd(), {
      passing: statusCode >= 500 || passingStatuses.has(statusCode),
      absent: statusCode === 404 || statusCode === 410,
      retryAfterMs: retryAfter(headers['retry-after']?.toString()),
    });
  }

  #wrongBytes(expected: string, told: RememberedDownload): WrongBytes {
    return new WrongBytes(this.#source, expected, told, this.#wrong?.told.sha256 === told.sha256);
  }

  /** Bytes may have been made wrong on their way, once. */
  async #startOver(failure: WrongBytes): Promise<void> {
    this.#wrong = failure;
    this.#etag = undefined;
    await this.#partial.restart();
  }

  #broughtMuch(): boolean {
    const { byteLength } = this.#partial;
    if (this.#etag === undefined || byteLength < this.#furthest + worthwhileBytes) return false;
    this.#furthest = byteLength;
    return true;
  }
}
