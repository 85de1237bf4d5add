import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';

/**
 * Milliseconds in which the caller wants an answer: `x-timeout-seconds`, capped by the model's own limit.
 * Throws `INVALID_PARAMETERS` for anything but a positive decimal number.
 */
export function deadlineOf(request: FastifyRequest, capMilliseconds: number): number {
  const text = request.headers['x-timeout-seconds'];
  if (text === undefined) return capMilliseconds;
  const seconds = typeof text === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : 0;
  if (seconds > 0) return Math.min(seconds * 1_000, capMilliseconds);
  const issues = [{ path: 'x-timeout-seconds', message: 'Expected a positive decimal number of seconds' }];
  throw new Failure('INVALID_PARAMETERS', 'x-timeout-seconds: expected a positive decimal number of seconds.', {
    issues,
  });
}
