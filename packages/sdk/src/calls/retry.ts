import { isPorticoError, type PorticoError } from '../errors/portico-error.ts';
import type { RetryOptions } from '../options.ts';
import { maxTimerMs } from './deadline.ts';

const maxTokens = 10;
const tokensPerSuccess = 0.1;

/**
 * Keeps clients from sending a failing server several times the requests of a healthy one: each retry costs a token, each
 * success earns a tenth of one. After https://github.com/grpc/proposal/blob/master/A6-client-retries.md, "Throttling".
 */
export class RetryBudget {
  #tokens = maxTokens;

  /** Takes the token of one retry; false if there is none. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  succeeded(): void {
    this.#tokens = Math.min(maxTokens, this.#tokens + tokensPerSuccess);
  }
}

/**
 * Milliseconds until a retry, or undefined if there is none: exponential backoff with full jitter, on top of what the
 * server asks for. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
 *
 * @param retry 1 for the first.
 */
export function retryDelay(
  error: unknown,
  retry: number,
  options: RetryOptions | false,
  random: () => number = Math.random,
): number | undefined {
  if (options === false || !isRetryable(error)) return undefined;
  const { maxRetries = 2, initialDelayMs = 200, maxDelayMs = 20_000 } = options;
  if (retry > maxRetries) return undefined;
  const requestedMs = (error.retryAfterSeconds ?? 0) * 1_000;
  if (requestedMs > maxDelayMs) return undefined;
  return Math.min(maxDelayMs, maxTimerMs, requestedMs + random() * initialDelayMs * 2 ** (retry - 1));
}

const isRetryable = (error: unknown): error is PorticoError => isPorticoError(error) && error.retryable;

/** @throws {TypeError} if it is neither `false` nor valid options. */
export function validateRetry(retry: RetryOptions | false): RetryOptions | false {
  if (retry === false) return retry;
  const { maxRetries = 0, initialDelayMs = 0, maxDelayMs = 0, ...others } = Object(retry) as RetryOptions;
  if ('onRetry' in others) throw new TypeError('onRetry is an option beside retry: { retry: { … }, onRetry }.');
  const isValid =
    Object(retry) === retry &&
    Number.isInteger(maxRetries) &&
    [maxRetries, initialDelayMs, maxDelayMs].every((value) => typeof value === 'number' && value >= 0) &&
    Object.keys(others).length === 0;
  if (isValid) return retry;
  throw new TypeError('retry must be false or { maxRetries, initialDelayMs, maxDelayMs }, with numbers from 0.');
}
