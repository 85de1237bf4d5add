/** What a client needs to know about an error: its HTTP status, a title, and whether trying again can help. */
export interface ErrorRow {
  readonly status: number;
  readonly title: string;
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
}

/** Every error of every door. `CANCELLED` is counted and logged, never sent: its caller has left. */
export const errorTable = {
  BAD_INPUT: { status: 400, title: 'The input cannot be used', retryable: false },
  UNAUTHORIZED: { status: 401, title: 'An API key is needed', retryable: false },
  NOT_FOUND: { status: 404, title: 'No such route or model', retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This route has other methods', retryable: false },
  NOT_ACCEPTABLE: { status: 406, title: 'The answer cannot take the form asked for', retryable: false },
  REQUEST_TIMEOUT: { status: 408, title: 'The request arrived too slowly', retryable: true },
  TOO_LARGE: { status: 413, title: 'The input is too large', retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'This media type is not accepted', retryable: false },
  INVALID_PARAMETERS: { status: 422, title: 'The parameters are not valid', retryable: false },
  RATE_LIMITED: { status: 429, title: 'Too many requests', retryable: true },
  HEADERS_TOO_LARGE: { status: 431, title: 'The request headers are too large', retryable: false },
  CANCELLED: { status: 499, title: 'The caller left', retryable: false },
  INTERNAL: { status: 500, title: 'A defect in the server', retryable: false },
  NOT_READY: { status: 503, title: 'The model is not ready', retryable: true },
  OVERLOADED: { status: 503, title: 'The server is overloaded', retryable: true },
  OUT_OF_MEMORY: { status: 503, title: 'Out of memory', retryable: true },
  ENGINE_CRASHED: { status: 503, title: 'The engine crashed under this input', retryable: false },
  TIMEOUT: { status: 504, title: 'The deadline passed', retryable: false },
} as const satisfies Record<string, ErrorRow>;

/** The kind of an error, for programs. */
export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as ErrorCode[];
