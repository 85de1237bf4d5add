import { PorticoError } from '../errors/portico-error.ts';
import type { RetryOptions } from '../options.ts';

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
  if (options === false || !(error instanceof PorticoError) || !error.retryable) return undefined;
  const { attempts = 3, firstDelayMs = 200, longestDelayMs = 20_000 } = options;
  if (tries >= attempts) return undefined;
  const askedMs = (error.retryAfterSeconds ?? 0) * 1_000;
  if (askedMs > longestDelayMs) return undefined;
  return Math.min(longestDelayMs, askedMs + random() * firstDelayMs * 2 ** (tries - 1));
}
