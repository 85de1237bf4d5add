import { type ApiErrorShape, appRouter, trpcCodeOf } from '@portico/api';
import { errorTable, Failure, isFailure } from '@portico/schemas';
import { getTRPCErrorShape, TRPCError, transformTRPCResponse } from '@trpc/server';

const config = appRouter._def._config;

/** A refusal that came before tRPC saw the request, in tRPC's own words: once, or once for each call of a batch. */
export function trpcErrorResponse(
  failure: Failure,
  requestId: string,
  calls: number | undefined,
): { status: number; body: string } {
  const error = new TRPCError({ code: trpcCodeOf(failure.code), message: failure.message, cause: failure });
  const one = transformTRPCResponse(config, { error: shapeOf(error, requestId) });
  const body = calls === undefined ? one : Array.from({ length: calls }, () => one);
  return { status: errorTable[failure.code].status, body: JSON.stringify(body) };
}

/** The row of the error table that a tRPC error amounts to: that of the failure in it, or of tRPC's own refusal. */
export function failureOfTrpcError(error: TRPCError, requestId: string): Failure {
  if (isFailure(error.cause)) return error.cause;
  const { code, detail } = shapeOf(error, requestId).data.problem;
  return new Failure(code, detail, { cause: error });
}

const shapeOf = (error: TRPCError, requestId: string): ApiErrorShape =>
  getTRPCErrorShape({
    config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: { requestId } as never,
  });
