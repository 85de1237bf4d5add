import { type ErrorCode, errorCodes, errorTable, Failure, problemOf } from '@portico/schemas';
import { z } from 'zod';
import { type JsonObject, reference, referenceTo } from './schemas.ts';

/** An error as the Open Inference Protocol has it. */
const TensorError = z.object({ error: z.string() }).meta({ id: 'TensorError' });

/** Statuses that every route can return: a bad request line, a slow or large head, a defect, no place for the connection. */
export const anyRoute = [400, 408, 431, 500, 503] as const;
/** What every request to a model can end with. */
export const inference = [400, 401, 406, 408, 413, 415, 422, 429, 431, 500, 503, 504] as const;

export const requestIdHeader: JsonObject = {
  'x-request-id': {
    description: 'Finds the request in the logs: as the client sent it, or a new one.',
    required: true,
    schema: { type: 'string' },
  },
};

const requestId = '7a9c9d70-092a-4c10-8fb5-17a0488e64f8';
const responsePrefix = '#/components/responses/';

const retryAfterCodes = new Set<ErrorCode>(['RATE_LIMITED', 'NOT_READY', 'OVERLOADED', 'OUT_OF_MEMORY']);

const codesOf = (status: number): ErrorCode[] => errorCodes.filter((code) => errorTable[code].status === status);

/** A problem for each of these statuses. */
export const problemResponses = (statuses: readonly number[]): JsonObject =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `${responsePrefix}Problem${status}` }]));

/** An error of the Open Inference Protocol for each of these statuses. */
export const tensorErrorResponses = (statuses: readonly number[]): JsonObject =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `${responsePrefix}TensorError${status}` }]));

/** Every response that `problemResponses` and `tensorErrorResponses` refer to. */
export function errorComponents(): JsonObject {
  const statuses = [...new Set(errorCodes.map((code) => errorTable[code].status))].filter((status) => status !== 499);
  return Object.fromEntries(
    statuses.flatMap((status) => [
      [`Problem${status}`, problemResponse(status)],
      // The protocol has no 422.
      ...(status === 422 ? [] : [[`TensorError${status}`, tensorError(status)]]),
    ]),
  );
}

function problemResponse(status: number): JsonObject {
  return {
    description: meaningOf(codesOf(status)),
    headers: { ...requestIdHeader, ...headersOf(status) },
    content: problemContent(status),
  };
}

const problemContent = (status: number): JsonObject => ({
  'application/problem+json': {
    schema: reference('Problem'),
    examples: Object.fromEntries(codesOf(status).map((code) => [code, { value: problemOf(failure(code), requestId) }])),
  },
});

/** The statuses of the error table in the protocol's own format, which has no room for a code: a header carries it. */
function tensorError(status: number): JsonObject {
  const codes = [...codesOf(status), ...(status === 400 ? codesOf(422) : [])];
  const tooEarly = status === 400 || status === 408 || status === 431 || status === 503;
  return {
    description: [meaningOf(codes), ...(tooEarly ? ['Before the path is known, a problem.'] : [])].join('\n\n'),
    headers: {
      ...requestIdHeader,
      'x-error-code': { description: 'The kind of error, for programs.', schema: reference('ErrorCode') },
      ...headersOf(status),
    },
    content: {
      'application/json': {
        schema: referenceTo(TensorError),
        examples: Object.fromEntries(codes.map((code) => [code, { value: { error: failure(code).message } }])),
      },
      ...(tooEarly ? problemContent(status) : {}),
    },
  };
}

const meaningOf = (codes: readonly ErrorCode[]): string =>
  codes.map((code) => `${code}: ${errorTable[code].meaning}`).join('\n\n');

function headersOf(status: number): JsonObject {
  const codes = codesOf(status);
  const always = codes.every((code) => retryAfterCodes.has(code));
  return {
    ...(status === 401
      ? { 'www-authenticate': { description: 'How to send a key.', required: true, schema: { type: 'string' } } }
      : {}),
    ...(codes.some((code) => retryAfterCodes.has(code))
      ? {
          'retry-after': {
            description: 'Seconds after which to retry.',
            required: always,
            schema: { type: 'integer', minimum: 0 },
          },
        }
      : {}),
  };
}

/** An error as it may come; its message is what the table says of all of them. */
const failure = (code: ErrorCode): Failure =>
  new Failure(code, errorTable[code].meaning, {
    ...(retryAfterCodes.has(code) ? { retryAfterSeconds: 2 } : {}),
    ...(code === 'INVALID_PARAMETERS'
      ? { issues: [{ path: 'params.limit', message: 'Too big: expected number to be <=9' }] }
      : {}),
  });
