import { z } from 'zod';
import { clip, type Issue } from './issues.ts';

/** What a client needs to know about a kind of error. */
export interface ErrorRow {
  /** The HTTP status. */
  readonly status: number;
  /** The kind of error in a few words. */
  readonly title: string;
  /** The same request, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** When it occurs and what to do about it, in Markdown. */
  readonly meaning: string;
}

/** Every error of the server, whatever the protocol. `docs/errors.md` and the OpenAPI document list these rows. */
export const errorTable = {
  BAD_INPUT: {
    status: 400,
    title: 'Invalid input',
    retryable: false,
    meaning:
      'The file is empty, corrupt or cannot be decoded, the number of files is wrong, or the form or JSON is malformed. Correct the input.',
  },
  UNAUTHORIZED: {
    status: 401,
    title: 'Missing or invalid API key',
    retryable: false,
    meaning:
      '`API_KEYS` is set and the request carries no valid key. Send one as `Authorization: Bearer KEY` or `x-api-key: KEY`.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'Route or model not found',
    retryable: false,
    meaning: 'The route does not exist, or the model is not served here. `GET /models` lists the served models.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    retryable: false,
    meaning: 'The route does not support this method. The `Allow` header lists the methods it supports.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'Response type not available',
    retryable: false,
    meaning: 'The `Accept` header matches no response type of the task. `GET /models` lists them.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request not received in time',
    retryable: true,
    meaning: 'The request arrived too slowly. Retry over a faster connection.',
  },
  TOO_LARGE: {
    status: 413,
    title: 'Input too large',
    retryable: false,
    meaning:
      'The input exceeds `MAX_UPLOAD_MB`, `MAX_IMAGE_MEGAPIXELS`, `MAX_RECORDING_SECONDS` or a limit of the model. Send a smaller one.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    retryable: false,
    meaning:
      'The declared media type is not accepted, or none was declared and the bytes are not recognised. `GET /models` lists the accepted types.',
  },
  INVALID_PARAMETERS: {
    status: 422,
    title: 'Invalid parameters',
    retryable: false,
    meaning: "The parameters do not match the task's schema. `issues` lists each mistake.",
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    meaning: 'The client has used up its share of the server. Retry after `Retry-After` seconds.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request headers too large',
    retryable: false,
    meaning: 'The request line and headers are too large. Send shorter ones.',
  },
  CANCELLED: {
    status: 499,
    title: 'Client closed the connection',
    retryable: false,
    meaning: 'The client closed the connection before the response. Logged and counted, never sent.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal server error',
    retryable: false,
    meaning: 'A defect in the server. The server log has the details under the request ID.',
  },
  NOT_READY: {
    status: 503,
    title: 'Model not ready',
    retryable: true,
    meaning: 'The model is loading, or has had no ready replica for ten seconds. Retry after `Retry-After` seconds.',
  },
  OVERLOADED: {
    status: 503,
    title: 'Server overloaded',
    retryable: true,
    meaning:
      'The queue, the memory for uploads or `MAX_CONNECTIONS` is full, or the deadline cannot be met. Retry after `Retry-After` seconds.',
  },
  OUT_OF_MEMORY: {
    status: 503,
    title: 'Out of memory',
    retryable: true,
    meaning: 'The CPU or the GPU has too little free memory for this input. Retry after `Retry-After` seconds.',
  },
  ENGINE_CRASHED: {
    status: 503,
    title: 'Engine crashed',
    retryable: false,
    meaning: 'The engine crashed twice while running this input. Do not send the same input again.',
  },
  TIMEOUT: {
    status: 504,
    title: 'Deadline exceeded',
    retryable: false,
    meaning: 'The deadline passed, in the queue or during the run. Allow more time or send a smaller input.',
  },
} as const satisfies Record<string, ErrorRow>;

/** The kind of an error, for programs. */
export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as ErrorCode[];

/** Characters of a failure's message, which may quote the client's input. */
const maxDetailLength = 1_000;

export interface FailureOptions {
  readonly issues?: readonly Issue[] | undefined;
  /** Whole seconds after which the same request may succeed; sent in the problem and as `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** An expected error: a row of the error table, with a message for the client. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ErrorCode;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: FailureOptions = {}) {
    super(clip(detail, maxDetailLength), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.issues = options.issues;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Recognises a failure by its name, so that one from another copy of this module counts too. */
export const isFailure = (value: unknown): value is Failure =>
  value instanceof Error &&
  value.name === 'Failure' &&
  'code' in value &&
  Object.hasOwn(errorTable, String(value.code));

/**
 * An error as a client receives it: problem details of RFC 9457 with a code, the request ID, when to retry and, for 422,
 * the issues.
 */
export const Problem = z
  .object({
    type: z.string().describe('A URI that identifies the kind of problem.'),
    title: z.string().describe('The kind of problem in a few words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What went wrong this time and what to do about it.'),
    code: z.enum(errorCodes).meta({ id: 'ErrorCode' }).describe('The kind of problem, for programs.'),
    requestId: z.string().describe('The value of x-request-id, to find the request in the logs.'),
    retryAfterSeconds: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Seconds after which the same request may succeed. The Retry-After header says the same, where there is one.',
      ),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** In place of the message of a defect, which never leaves the process. */
export const defectDetail = 'The server failed to process the request. Its log has the details under the request ID.';

/** The problem to send for a thrown value: a `Failure` as it is, anything else as `INTERNAL`. */
export function problemOf(thrown: unknown, requestId: string): Problem {
  if (!isFailure(thrown)) return problem('INTERNAL', defectDetail, requestId);
  const { issues, retryAfterSeconds } = thrown;
  return {
    ...problem(thrown.code, thrown.message, requestId),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(issues === undefined ? {} : { issues: [...issues] }),
  };
}

function problem(code: ErrorCode, detail: string, requestId: string): Problem {
  const { status, title } = errorTable[code];
  return { type: `urn:portico:problem:${code}`, title, status, detail, code, requestId };
}
