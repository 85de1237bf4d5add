import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Connection } from '../calls/connection.ts';
import { aborted, patienceMs, timedOut } from '../calls/deadline.ts';
import { onAbort } from '../calls/on-abort.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import type { AppRouter } from './app-router.ts';
import type { CallContext } from './untyped.ts';

/**
 * Keeps the client's deadline for calls of the typed client, and follows their callers' signals: the links and `fetch` would
 * leave their listeners with those. A call that streams has not ended when it is answered, and keeps its signal.
 */
export const typedCallsLink =
  ({ timeoutMs }: Connection): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) => {
    const { attempt }: CallContext = op.context;
    if (attempt !== undefined) return next(op);
    return observable((observer) => {
      const callerSignal = op.signal?.aborted === false && !op.path.endsWith('.stream') ? op.signal : undefined;
      const sent = next(
        callerSignal ? { ...op, signal: null, context: { ...op.context, callerSignal } } : op,
      ).subscribe(observer);
      const end = (error: PorticoError): void => observer.error(TRPCClientError.from(error));
      const stopListening = callerSignal && onAbort(callerSignal, () => end(aborted(callerSignal)));
      const timer = timeoutMs && setTimeout(() => end(timedOut(timeoutMs)), patienceMs(timeoutMs));
      return () => {
        clearTimeout(timer);
        stopListening?.();
        sent.unsubscribe();
      };
    });
  };
