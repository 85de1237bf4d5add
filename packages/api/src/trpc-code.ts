import { type ErrorCode, errorTable } from '@portico/schemas';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';

/** tRPC's names for the statuses of the error table. */
const codeOfStatus: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
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

/** The tRPC code whose HTTP status is that of the error table's row, or that of 400 where tRPC has none. */
export const trpcCodeOf = (code: ErrorCode): TRPC_ERROR_CODE_KEY =>
  codeOfStatus[errorTable[code].status] ?? 'BAD_REQUEST';
