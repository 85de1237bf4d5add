import type { TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import { porticoErrorOf } from './portico-error-of.ts';

/** Gives each error of tRPC the `PorticoError` that says the same as its cause. */
export const errorsLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        error: (error) => observer.error(Object.assign(error, { cause: porticoErrorOf(error) as Error })),
      }),
    );
