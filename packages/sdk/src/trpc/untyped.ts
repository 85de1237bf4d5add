import { getUntypedClient, type TRPCClient, TRPCClientError } from '@trpc/client';
import type { Attempt } from '../calls/run-call.ts';
import type { AppRouter } from './app-router.ts';

/** A tRPC client that is told procedures by their path: this side knows no tasks. Rejects with a `PorticoError`. */
export interface UntypedTrpc {
  query(path: string, attempt: Attempt): Promise<unknown>;
  mutation(path: string, input: unknown, attempt: Attempt): Promise<unknown>;
}

/** What a call of this package tells the links. */
export interface CallContext {
  readonly attempt?: Attempt;
  /** The signal that a call of the typed client was given. */
  readonly callerSignal?: AbortSignal;
}

export function untypedTrpc(typed: TRPCClient<AppRouter>): UntypedTrpc {
  const client = getUntypedClient(typed);
  const optionsOf = (attempt: Attempt): { signal: AbortSignal; context: Record<string, unknown> } => ({
    signal: attempt.signal,
    context: { attempt } satisfies CallContext,
  });
  return {
    query: (path, attempt) => client.query(path, undefined, optionsOf(attempt)).catch(rethrow),
    mutation: (path, input, attempt) => client.mutation(path, input, optionsOf(attempt)).catch(rethrow),
  };
}

/** Throws what the links have found an error to stand for. */
function rethrow(error: unknown): never {
  throw error instanceof TRPCClientError ? (error.cause ?? error) : error;
}
