import type { Issue } from '@portico/schemas';
import type { ErrorCode } from '../contract.ts';
import { errorFacts } from './error-facts.ts';

/** The server's error codes, and three of this side: no usable answer, given up by the caller, or out of time here. */
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
 * Every failed call rejects with this.
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
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Finds the request in the server's logs; undefined when no answer came. */
  readonly requestId: string | undefined;
  /** What is wrong with the parameters, for `INVALID_PARAMETERS`. */
  readonly issues: readonly Issue[];
  /** How long the server asks to wait before trying again. */
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

/** Whether this is a `PorticoError`, of that code if one is given; one from another copy of this package counts too. */
export function isPorticoError<Code extends PorticoErrorCode = PorticoErrorCode>(
  error: unknown,
  code?: Code,
): error is PorticoError & { readonly code: Code } {
  if (!(error instanceof Error) || error.name !== 'PorticoError' || !('code' in error)) return false;
  return code === undefined || error.code === code;
}
