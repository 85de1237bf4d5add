import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';

/**
 * Milliseconds in which the client wants an answer: `x-timeout-seconds`, capped by the model's own limit.
 * Throws `INVALID_PARAMETERS` for anything but a positive decimal number.
 */
export function deadlineOf(request: FastifyRequest, capMs: number): number {
  const text = request.headers['x-timeout-seconds'];
  if (text === undefined) return capMs;
  const seconds = typeof text === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : 0;
  if (seconds > 0) return Math.min(seconds * 1_000, capMs);
  const issues = [{ path: 'x-timeout-seconds', message: 'Expected a positive decimal number of seconds' }];
  throw new Failure('INVALID_PARAMETERS', 'x-timeout-seconds: expected a positive decimal number of seconds.', {
    issues,
  });
}
