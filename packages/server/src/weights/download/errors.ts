import { errors } from 'undici';

/** A download that failed. Its message holds no secret. */
export class DownloadError extends Error {
  override readonly name: string = 'DownloadError';
  /** Another attempt may succeed. */
  readonly retryable: boolean;
  /** The server does not have the file: 404 or 410. */
  readonly notFound: boolean;
  /** The server's `Retry-After`; 0 without one. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryable = false, notFound = false, retryAfterMs = 0 } = {}) {
    super(message);
    this.retryable = retryable;
    this.notFound = notFound;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Names the file in what the network or the HTTP client throws. Anything else that has no code is a defect and is thrown on. */
export function asDownloadError(error: unknown, source: string): DownloadError {
  if (error instanceof DownloadError) return error;
  // The client gives no code to a response that is not HTTP.
  const { code = error instanceof errors.HTTPParserError ? error.name : undefined, message } =
    error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new DownloadError(`${source} cannot be downloaded: ${message || code} (${code})`, { retryable: true });
}

const diskFull = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Runs file operations in the cache; what the file system refuses is thrown with the remedy. */
export async function inCache<Value>(folder: string, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new DownloadError(
      diskFull.has(code)
        ? `There is no room left in ${folder} (${code}). Free some, or set MODEL_CACHE_DIR to another folder.`
        : `The folder ${folder} cannot be written to (${code}). Set MODEL_CACHE_DIR to another folder.`,
    );
  }
}
