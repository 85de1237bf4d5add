import { type ErrorCode, errorTable } from './error-table.ts';
import { clip } from './clip.ts';
import type { Issue } from './issue.ts';

/** Words for a person; a client's own text in them is cut. */
const longestDetail = 1_000;

export interface FailureOptions {
  readonly issues?: readonly Issue[] | undefined;
  /** After this many whole seconds the same request has a chance; sent in the problem and as `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** An expected failure: one row of the error table and what it means this time, in words fit for the client. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ErrorCode;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: FailureOptions = {}) {
    super(clip(detail, longestDetail), options.cause === undefined ? undefined : { cause: options.cause });
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
