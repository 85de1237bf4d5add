import { Failure, isFailure, type Problem, toIssues } from '@portico/schemas';
import { initTRPC, TRPCError, type TRPCDefaultErrorShape } from '@trpc/server';
import { z } from 'zod';
import type { Context } from './context.ts';
import { problemOf } from './problem-of.ts';
import { serverTransformer } from './plain-json.ts';
import { trpcCodeOf } from './trpc-code.ts';

/** An error as a tRPC client receives it. */
export interface ApiErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem: Problem };
}

const t = initTRPC.context<Context>().create({
  transformer: serverTransformer,
  isDev: false,
  errorFormatter: ({ shape, error, ctx }): ApiErrorShape => {
    const problem = problemOf(failureOf(error), ctx?.requestId ?? '');
    return { ...shape, message: problem.detail, data: { ...shape.data, httpStatus: problem.status, problem } };
  },
});

export const router: typeof t.router = t.router;

/** Turns every error below into one whose status and problem come from the error table. */
const withErrorTable = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const failure = failureOf(result.error);
  if (!isFailure(failure)) return result;
  throw trpcErrorOf(failure);
});

/** A failure in tRPC's words; anything else is left as it is. */
export const trpcErrorOf = (error: unknown): unknown =>
  isFailure(error) ? new TRPCError({ code: trpcCodeOf(error.code), message: error.message, cause: error }) : error;

export const procedure: typeof t.procedure = t.procedure.use(withErrorTable);

/** The failure inside a tRPC error; tRPC's own refusals (no such procedure, an unreadable body) become rows of the table too. */
function failureOf(error: TRPCError): unknown {
  if (isFailure(error.cause)) return error.cause;
  // With any other code the schema is one of the server's own, and its issues are none of the client's business.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.ZodError) {
    return new Failure('INVALID_PARAMETERS', describe(error.cause), { issues: toIssues(error.cause) });
  }
  switch (error.code) {
    case 'NOT_FOUND':
      return new Failure('NOT_FOUND', `${error.message}. GET /models lists what is served.`);
    case 'METHOD_NOT_SUPPORTED':
      return new Failure('METHOD_NOT_ALLOWED', error.message);
    case 'PAYLOAD_TOO_LARGE':
      return new Failure('TOO_LARGE', error.message);
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new Failure('UNSUPPORTED_MEDIA_TYPE', error.message);
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      // With a cause the words are those of a parser inside the server; without, tRPC's own to the client.
      return new Failure('BAD_INPUT', error.cause === undefined ? error.message : 'The call cannot be read.', {
        cause: error,
      });
    default:
      return error;
  }
}

function describe(error: z.ZodError): string {
  return toIssues(error)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
}
