import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Connection } from '../calls/connection.ts';
import { patienceMs, timedOut } from '../calls/deadline.ts';
import type { AppRouter } from './app-router.ts';
import type { CallContext } from './untyped.ts';

/** Keeps the client's deadline for calls of the typed client; a call of this package keeps its own. */
export const deadlineLink =
  ({ timeoutMs }: Connection): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) => {
    if (timeoutMs === undefined || (op.context as CallContext).attempt !== undefined) return next(op);
    return observable((observer) => {
      const sent = next(op).subscribe(observer);
      const giveUp = (): void => {
        sent.unsubscribe();
        observer.error(TRPCClientError.from(timedOut(timeoutMs)));
      };
      const timer = setTimeout(giveUp, patienceMs(timeoutMs));
      return () => {
        clearTimeout(timer);
        sent.unsubscribe();
      };
    });
  };
