import {
  type ErrorCode,
  errorTable,
  Failure,
  type GpuStatus,
  isFailure,
  type ModelList,
  type Problem,
  problemOf,
  type ReadyStatus,
  type TensorCall,
  type TensorResult,
  toIssues,
} from '@portico/schemas';
import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError, type TRPCDefaultErrorShape } from '@trpc/server';
import { z } from 'zod';
import { type PlainJson, serverTransformer } from './transformer.ts';

/** What a server provides for the router to run. It names no web framework, so that the SDK's types stay small. */
export interface Context {
  readonly requestId: string;
  /** Runs a task on an input of the right shape, of which it has yet to check `input`, the value of a JSON task; the output may be `PlainJson`. Rejects with a `Failure` for every row of the error table. */
  infer(task: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown>;
  /** Runs a streaming task on such an input: yields its items and returns its output. Fails as `infer` does. */
  stream(task: string, input: unknown, signal: AbortSignal | undefined): AsyncGenerator<unknown, unknown, void>;
  /** Runs a model of the model repository. Rejects with a `Failure` for every row of the error table. */
  tensors(call: TensorCall, signal: AbortSignal | undefined): Promise<TensorResult | PlainJson>;
  models(): ModelList | PlainJson;
  ready(): ReadyStatus;
  gpu(): GpuStatus;
}

/** An error as a tRPC client receives it. */
export interface ApiErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem: Problem };
}

/** tRPC's names for the statuses of the error table. */
const trpcCodes: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  499: 'CLIENT_CLOSED_REQUEST',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};

const t = initTRPC.context<Context>().create({
  transformer: serverTransformer,
  isDev: false,
  errorFormatter: ({ shape, error, ctx }): ApiErrorShape => {
    const problem = problemOf(failureOf(error), ctx?.requestId ?? '');
    return { ...shape, message: problem.detail, data: { ...shape.data, httpStatus: problem.status, problem } };
  },
});

export const router: typeof t.router = t.router;

/** Gives each error the status and the problem of its row in the error table. */
const withErrorTable = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const failure = failureOf(result.error);
  if (!isFailure(failure)) return result;
  throw trpcErrorOf(failure);
});

export const procedure: typeof t.procedure = t.procedure.use(withErrorTable);

/** A failure as a tRPC error; anything else is left as it is. */
export const trpcErrorOf = (error: unknown): unknown =>
  isFailure(error) ? new TRPCError({ code: trpcCodeOf(error.code), message: error.message, cause: error }) : error;

/** The tRPC code with the HTTP status of the error table's row, or that of 400 if tRPC has none. */
export const trpcCodeOf = (code: ErrorCode): TRPC_ERROR_CODE_KEY => trpcCodes[errorTable[code].status] ?? 'BAD_REQUEST';

/** What a wrong method may come from: `httpSubscriptionLink` sends GET, which tRPC takes for a query. */
const methods =
  'Queries are GET, mutations POST, also those that stream: use httpBatchStreamLink, and .mutate(). There are no subscriptions.';

/** The failure inside a tRPC error. tRPC's own rejections (unknown procedure, unreadable body) become rows of the table too. */
function failureOf(error: TRPCError): unknown {
  if (isFailure(error.cause)) return error.cause;
  // With any other code the schema is one of the server's own, and its issues are none of the client's business.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.ZodError) {
    return invalidParameters(error.cause);
  }
  switch (error.code) {
    case 'NOT_FOUND':
      return new Failure('NOT_FOUND', `${error.message}. GET /models lists what is served.`);
    case 'METHOD_NOT_SUPPORTED':
      return new Failure('METHOD_NOT_ALLOWED', `${error.message}. ${methods}`);
    case 'PAYLOAD_TOO_LARGE':
      return new Failure('TOO_LARGE', error.message);
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new Failure('UNSUPPORTED_MEDIA_TYPE', error.message);
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
      // With a cause, the message is that of a parser inside the server; without one, it is tRPC's own to the client.
      return new Failure(
        'BAD_INPUT',
        error.cause === undefined ? error.message : 'The body is not a valid tRPC call.',
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}

/** What is wrong with the input of a call. */
export function invalidParameters(error: z.ZodError): Failure {
  const issues = toIssues(error);
  const detail = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new Failure('INVALID_PARAMETERS', detail, { issues });
}
