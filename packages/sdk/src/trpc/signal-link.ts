import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { aborted } from '../calls/deadline.ts';
import { onAbort } from '../calls/on-abort.ts';
import type { AppRouter } from './app-router.ts';
import type { CallContext } from './untyped.ts';

/**
 * Gives a call of the typed client a signal of its own, which follows its caller's until the call has ended: the links and
 * `fetch` leave their listeners with it. It ends then even if they do not. One that streams has not ended when it is answered, and keeps its caller's.
 */
export const signalLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    const { signal, context } = op;
    if (!signal || signal.aborted || (context as CallContext).attempt !== undefined || op.path.endsWith('.stream')) {
      return next(op);
    }
    return observable((observer) => {
      const controller = new AbortController();
      const callerSignal: CallContext = { callerSignal: signal };
      const own = { ...op, signal: controller.signal, context: { ...context, ...callerSignal } };
      const stopFollowing = onAbort(signal, () => {
        controller.abort(signal.reason);
        observer.error(TRPCClientError.from(aborted(signal)));
      });
      const sent = next(own).subscribe(observer);
      return () => {
        stopFollowing();
        sent.unsubscribe();
      };
    });
  };
