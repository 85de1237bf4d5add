import { createTRPCClient, getUntypedClient, type TRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { CallContext } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { aborted, localTimeoutMs, onAbort, timedOut } from '../calls/deadline.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import type { AppRouter } from './app-router.ts';
import { errorsLink } from './errors.ts';
import { type LinkContext, requests } from './requests.ts';
import { sharedRequestsLink } from './shared-requests.ts';

/** The typed tRPC client. */
export const trpcClient = (connection: Connection): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [errorsLink, typedCallsLink(connection), sharedRequestsLink(requests(connection))],
  });

/**
 * Keeps the client's timeout for calls of the typed client, and listens to their signals itself: the other links and `fetch`
 * would leave their listeners behind. A streaming call goes on after its response, and keeps its signal.
 */
const typedCallsLink =
  ({ timeoutMs }: Connection): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) => {
    const { call }: LinkContext = op.context;
    if (call !== undefined) return next(op);
    return observable((observer) => {
      const givenSignal = op.signal?.aborted === false && !op.path.endsWith('.stream') ? op.signal : undefined;
      const sent = next(givenSignal ? { ...op, signal: null, context: { ...op.context, givenSignal } } : op).subscribe(
        observer,
      );
      const end = (error: PorticoError): void => observer.error(TRPCClientError.from(error));
      const stopListening = givenSignal && onAbort(givenSignal, () => end(aborted(givenSignal)));
      const timer = timeoutMs && setTimeout(() => end(timedOut(timeoutMs)), localTimeoutMs(timeoutMs));
      return () => {
        clearTimeout(timer);
        stopListening?.();
        sent.unsubscribe();
      };
    });
  };

/** A tRPC client that takes procedures by their path: the client knows no tasks at run time. Rejects with a `PorticoError`. */
export interface UntypedTrpc {
  query(path: string, call: CallContext): Promise<unknown>;
  mutation(path: string, input: unknown, call: CallContext): Promise<unknown>;
}

export function untypedTrpc(typed: TRPCClient<AppRouter>): UntypedTrpc {
  const client = getUntypedClient(typed);
  const optionsOf = (call: CallContext): { signal: AbortSignal; context: Record<string, unknown> } => ({
    signal: call.signal,
    context: { call } satisfies LinkContext,
  });
  return {
    query: (path, call) => client.query(path, undefined, optionsOf(call)).catch(unwrap),
    mutation: (path, input, call) => client.mutation(path, input, optionsOf(call)).catch(unwrap),
  };
}

/** Throws the cause that the links have given an error. */
function unwrap(error: unknown): never {
  throw error instanceof TRPCClientError ? (error.cause ?? error) : error;
}
