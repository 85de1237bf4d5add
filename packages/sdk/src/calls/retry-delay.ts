import { isPorticoError } from '../errors/portico-error.ts';
import type { RetryOptions } from '../options.ts';
import { longestTimerMs } from './deadline.ts';

/**
 * Milliseconds to wait before the next try, or undefined where there is none: exponential backoff with full jitter, on top of
 * what the server asks for. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
 *
 * @param tries those that have failed, from 1
 */
export function retryDelay(
  error: unknown,
  tries: number,
  options: RetryOptions | false,
  random: () => number = Math.random,
): number | undefined {
  if (options === false || !isPorticoError(error) || !error.retryable) return undefined;
  const { attempts = 3, firstDelayMs = 200, longestDelayMs = 20_000 } = options;
  if (tries >= attempts) return undefined;
  const askedMs = (error.retryAfterSeconds ?? 0) * 1_000;
  if (askedMs > longestDelayMs) return undefined;
  return Math.min(longestDelayMs, longestTimerMs, askedMs + random() * firstDelayMs * 2 ** (tries - 1));
}

/**
 * When to try again, as it was given.
 *
 * @throws {TypeError} when it says neither `false` nor how.
 */
export function checkedRetry(retry: RetryOptions | false): RetryOptions | false {
  if (retry === false) return retry;
  const { attempts = 1, firstDelayMs = 0, longestDelayMs = 0 } = Object(retry) as RetryOptions;
  const delays = [firstDelayMs, longestDelayMs];
  const isSound =
    Object(retry) === retry &&
    Number.isInteger(attempts) &&
    attempts > 0 &&
    delays.every((delay) => typeof delay === 'number' && delay >= 0);
  if (isSound) return retry;
  throw new TypeError(
    'retry must be false or { attempts, firstDelayMs, longestDelayMs }: a count above 0, milliseconds.',
  );
}
