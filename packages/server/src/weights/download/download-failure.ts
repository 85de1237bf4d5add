import { errors } from 'undici';
import type { RememberedDownload } from './remembered-download.ts';

/** Why a download did not come about. Its message holds no secret. */
export class DownloadFailure extends Error {
  override readonly name = 'DownloadFailure';
  /** Another attempt may succeed. */
  readonly passing: boolean;
  /** The server says that it does not have the file. */
  readonly absent: boolean;
  /** Milliseconds that the other side asks to be left alone. */
  readonly retryAfterMs: number;

  constructor(message: string, { passing = false, absent = false, retryAfterMs = 0 } = {}) {
    super(message);
    this.passing = passing;
    this.absent = absent;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Bytes that arrived whole and are not the expected ones. */
export class WrongBytes extends DownloadFailure {
  readonly told: RememberedDownload;
  /** They came twice, so it was not the way that made them wrong. */
  readonly confirmed: boolean;

  constructor(source: string, expected: string, told: RememberedDownload, confirmed: boolean) {
    super(`Weights ${source} have sha256 ${told.sha256}, expected ${expected}.`);
    this.told = told;
    this.confirmed = confirmed;
  }
}

/** What the network or the HTTP client threw, in words. Anything else without a code is a defect and is thrown on. */
export function networkFailure(error: unknown, source: string): DownloadFailure {
  if (error instanceof DownloadFailure) return error;
  const { code = noHttp(error), message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new DownloadFailure(`${source} cannot be downloaded: ${message || code} (${code})`, { passing: true });
}

/** The client's code for an answer that is no HTTP, which it leaves out. */
const noHttp = (error: unknown): string | undefined =>
  error instanceof errors.HTTPParserError ? error.name : undefined;
