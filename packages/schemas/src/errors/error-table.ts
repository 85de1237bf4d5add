/** What a client needs to know about an error: its HTTP status, and whether trying again can help. */
export interface ErrorRow {
  readonly status: number;
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
}

/** Every error of every door. `CANCELLED` is counted and logged, never sent: its client has left. */
export const errorTable = {
  BAD_INPUT: { status: 400, retryable: false },
  UNAUTHORIZED: { status: 401, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  NOT_ACCEPTABLE: { status: 406, retryable: false },
  REQUEST_TIMEOUT: { status: 408, retryable: true },
  TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  INVALID_PARAMETERS: { status: 422, retryable: false },
  RATE_LIMITED: { status: 429, retryable: true },
  HEADERS_TOO_LARGE: { status: 431, retryable: false },
  CANCELLED: { status: 499, retryable: false },
  INTERNAL: { status: 500, retryable: false },
  NOT_READY: { status: 503, retryable: true },
  OVERLOADED: { status: 503, retryable: true },
  OUT_OF_MEMORY: { status: 503, retryable: true },
  ENGINE_CRASHED: { status: 503, retryable: false },
  TIMEOUT: { status: 504, retryable: false },
} as const satisfies Record<string, ErrorRow>;

/** The kind of an error, for programs. */
export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as ErrorCode[];
