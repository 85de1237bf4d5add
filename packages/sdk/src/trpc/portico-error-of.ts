import { TRPCClientError } from '@trpc/client';
import { errorOfProblem, isProblem } from '../errors/answer.ts';
import { isPorticoError } from '../errors/portico-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { AppRouter } from './app-router.ts';

/** What an error of tRPC stands for: the problem that the server sent, or what went wrong on the way. */
export function porticoErrorOf(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return isPorticoError(error) ? error : unreachable(error);
  if (isPorticoError(error.cause)) return error.cause;
  const problem: unknown = (error as TRPCClientError<AppRouter>).data?.problem;
  const response: unknown = error.meta?.['response'];
  if (isProblem(problem)) return errorOfProblem(problem, response instanceof Response ? response : undefined);
  return unreachable(error.cause ?? error);
}
