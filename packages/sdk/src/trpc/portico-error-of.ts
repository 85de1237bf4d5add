import type { TRPCClientError } from '@trpc/client';
import { isPorticoError, type PorticoError } from '../errors/portico-error.ts';
import { errorOfProblem, isProblem } from '../errors/response-error.ts';
import type { AppRouter } from './app-router.ts';

/**
 * The error of a call that failed over tRPC as the `PorticoError` that the same failure is over REST: what the server refused, or
 * why there was no response. Undefined for anything else, such as a call that was aborted.
 *
 * @example
 * useMutation(trpc.ocr.infer.mutationOptions({ retry: (count, error) => count < 2 && porticoErrorOf(error)?.retryable === true }));
 */
export function porticoErrorOf(error: unknown): PorticoError | undefined {
  if (isPorticoError(error)) return error;
  if (!(error instanceof Error) || error.name !== 'TRPCClientError') return undefined;
  if (isPorticoError(error.cause)) return error.cause;
  const { data, meta } = error as TRPCClientError<AppRouter>;
  const problem: unknown = data?.problem;
  const response: unknown = meta?.['response'];
  return isProblem(problem) ? errorOfProblem(problem, response instanceof Response ? response : undefined) : undefined;
}
