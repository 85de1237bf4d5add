import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { aborted } from '../calls/deadline.ts';
import { isPorticoError } from '../errors/portico-error.ts';
import { errorOfProblem, isProblem, unreachable } from '../errors/response-error.ts';
import type { AppRouter } from './app-router.ts';

/** Carries what the `headers` function of the options threw through tRPC, as its `cause`. */
export class HeadersError extends Error {
  constructor(cause: unknown) {
    super(undefined, { cause });
  }
}

/** Gives each error of tRPC its `PorticoError` as the cause. */
export const errorsLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        error: (error) => {
          const cause = op.signal?.aborted === true ? aborted(op.signal) : porticoErrorOf(error);
          observer.error(Object.assign(error, { cause: cause as Error }));
        },
      }),
    );

/** The error that tRPC has wrapped: the server's problem, a failed connection, or what the `headers` function threw. */
export function porticoErrorOf(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return isPorticoError(error) ? error : unreachable(error);
  if (isPorticoError(error.cause)) return error.cause;
  if (error.cause instanceof HeadersError) return error.cause.cause;
  const problem: unknown = (error as TRPCClientError<AppRouter>).data?.problem;
  const response: unknown = error.meta?.['response'];
  if (isProblem(problem)) return errorOfProblem(problem, response instanceof Response ? response : undefined);
  return unreachable(error.cause ?? error);
}

interface ErrorBody {
  readonly error?: { readonly json?: { readonly data?: { readonly problem?: unknown } } };
}

/** The problem in the body of a failed tRPC request; that of a whole batch is the same for each call. */
export function problemIn(body: unknown): unknown {
  const first = (Array.isArray(body) ? (body as unknown[])[0] : body) as ErrorBody | null | undefined;
  return first?.error?.json?.data?.problem;
}
