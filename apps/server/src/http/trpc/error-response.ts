import { appRouter, trpcCodeOf } from '@portico/api';
import { errorTable, type Failure } from '@portico/schemas';
import { getTRPCErrorShape, TRPCError, transformTRPCResponse } from '@trpc/server';

/** A refusal that came before tRPC saw the request, in tRPC's own words: once, or once for each call of a batch. */
export function trpcErrorResponse(
  failure: Failure,
  requestId: string,
  calls: number | undefined,
): { status: number; body: string } {
  const config = appRouter._def._config;
  const error = new TRPCError({ code: trpcCodeOf(failure.code), message: failure.message, cause: failure });
  const shape = getTRPCErrorShape({
    config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: { requestId } as never,
  });
  const one = transformTRPCResponse(config, { error: shape });
  const body = calls === undefined ? one : Array.from({ length: calls }, () => one);
  return { status: errorTable[failure.code].status, body: JSON.stringify(body) };
}
