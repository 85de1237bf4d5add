import { STATUS_CODES } from 'node:http';
import { defectDetail, type ErrorCode, errorTable, Failure, isFailure, problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Errors of Node, Fastify and its plugins that a client can cause. */
const clientCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_LARGE', 'The body exceeds the limit of this server.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'This route does not accept this Content-Type.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_INPUT', 'The body length does not match Content-Length.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_INPUT', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_INPUT', 'The body is empty.'],
  FST_ERR_BAD_URL: ['BAD_INPUT', 'The URL is malformed.'],
  FST_ERR_MAX_PARAM_LENGTH: ['BAD_INPUT', 'The URL is too long.'],
  FST_REQ_FILE_TOO_LARGE: ['TOO_LARGE', 'The upload exceeds the limit of this server.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'This route does not accept this Content-Type.'],
  FST_PARTS_LIMIT: ['BAD_INPUT', 'The form has too many parts.'],
  FST_FILES_LIMIT: ['BAD_INPUT', 'The form has too many files.'],
  FST_FIELDS_LIMIT: ['BAD_INPUT', 'The form has too many fields.'],
  FST_PROTO_VIOLATION: ['BAD_INPUT', 'The form has a field with a forbidden name.'],
  FST_INVALID_JSON_FIELD_ERROR: ['BAD_INPUT', 'A form field declared as JSON is not valid JSON.'],
  ECONNRESET: ['CANCELLED', 'The client closed the connection during the upload.'],
  ERR_STREAM_PREMATURE_CLOSE: ['CANCELLED', 'The client closed the connection before the response was sent.'],
};

/** The row of the error table for a thrown value. The message of a defect stays in the process. */
export function toFailure(error: unknown): Failure {
  if (isFailure(error) && error.code !== 'INTERNAL') return error;
  const known = error instanceof Error && 'code' in error ? clientCodes[String(error.code)] : undefined;
  const [code, message] = known ?? clientStatus(error) ?? ['INTERNAL', defectDetail];
  return new Failure(code, message, { cause: error });
}

/** What Fastify or a plugin refuses with a status of the client's: a path out of its folder, a range. */
function clientStatus(error: unknown): readonly [ErrorCode, string] | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  if (status === 403 || status === 404) return ['NOT_FOUND', 'There is no such file.'];
  if (status >= 400 && status <= 499) return ['BAD_INPUT', `The request cannot be served: ${STATUS_CODES[status]}.`];
  return undefined;
}

/** Answers with a failure. */
export function sendFailure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, headers, body } = errorResponse(failure, request, request.server.protocols.errorFormats);
  return reply.status(status).headers(headers).send(body);
}

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As bytes, because Fastify would add a charset to a problem, which its media type does not have. */
  readonly body: Buffer;
}

/** A request as far as it is known: one whose headers never ended has no URL. */
export interface FailedRequest {
  readonly id: string;
  readonly url?: string | undefined;
  readonly method?: string | undefined;
}

/** A protocol's own format of errors. */
export type ErrorFormat = (failure: Failure, request: FailedRequest) => ErrorResponse;

/** The response to a request that failed: a problem, unless the path belongs to a protocol with a format of its own. */
export function errorResponse(
  failure: Failure,
  request: FailedRequest,
  formats: ReadonlyMap<string, ErrorFormat>,
): ErrorResponse {
  const path = request.url?.split('?', 1)[0] ?? '';
  const [, format = problemResponse] =
    [...formats].find(([root]) => path === root || path.startsWith(`${root}/`)) ?? [];
  const response = format(failure, request);
  const { retryAfterSeconds } = failure;
  if (retryAfterSeconds === undefined) return response;
  return { ...response, headers: { ...response.headers, 'retry-after': String(retryAfterSeconds) } };
}

export const problemResponse: ErrorFormat = (failure, { id }) => ({
  status: errorTable[failure.code].status,
  headers: { 'content-type': 'application/problem+json' },
  body: Buffer.from(JSON.stringify(problemOf(failure, id))),
});

/** Notes how a request failed for its log line, and logs a defect with its cause. */
export function recordFailure(request: FastifyRequest, failure: Failure): void {
  request.failure = failure;
  if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'Unexpected error');
}

declare module 'fastify' {
  interface FastifyRequest {
    /** How the request failed, for the log. */
    failure?: Failure;
  }
}
