import type { Issue } from '@portico/schemas';
import type { ErrorCode } from '../contract.ts';
import { errorFacts } from './error-facts.ts';

/** The server's error codes, and three of the client: no usable response, aborted by you, or timed out here. */
export type PorticoErrorCode = ErrorCode | 'NETWORK' | 'ABORTED' | 'TIMEOUT';

/** What is known about an error besides its code and message. */
export interface PorticoErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly issues?: readonly Issue[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/**
 * The error of every failed call.
 *
 * @example
 * try {
 *   await portico.ocr(file);
 * } catch (error) {
 *   if (isPorticoError(error, 'OVERLOADED')) await pause(error.retryAfterSeconds);
 *   else throw error;
 * }
 */
export class PorticoError extends Error {
  override readonly name = 'PorticoError';
  /** The kind of error, for programs. */
  readonly code: PorticoErrorCode;
  /** The HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** Finds the request in the server's log; undefined if there was no response. */
  readonly requestId: string | undefined;
  /** Each mistake in the parameters, for `INVALID_PARAMETERS`. */
  readonly issues: readonly Issue[];
  /** How long the server asks to wait before a retry. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: PorticoErrorCode, message: string, details: PorticoErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.issues = details.issues ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.retryable = details.retryable ?? isRetryable(code);
  }
}

function isRetryable(code: PorticoErrorCode): boolean {
  if (code === 'NETWORK') return true;
  return code !== 'ABORTED' && errorFacts[code].retryable;
}

/** Whether this is a `PorticoError`, and of this code if one is given. Also recognises those of another copy of this package. */
export function isPorticoError<Code extends PorticoErrorCode = PorticoErrorCode>(
  error: unknown,
  code?: Code,
): error is PorticoError & { readonly code: Code } {
  if (!isError(error) || error.name !== 'PorticoError' || !('code' in error)) return false;
  return code === undefined || error.code === code;
}

/** Whether this is an error, also one of another realm: those of Node are, in Jest. */
export const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
