import type { ErrorCode } from './error-table.ts';

/** Each error in a few words, for people; clients do without. */
export const errorTitles: Readonly<Record<ErrorCode, string>> = {
  BAD_INPUT: 'The input cannot be used',
  UNAUTHORIZED: 'An API key is needed',
  NOT_FOUND: 'No such route or model',
  METHOD_NOT_ALLOWED: 'This route has other methods',
  NOT_ACCEPTABLE: 'The answer cannot take the form asked for',
  REQUEST_TIMEOUT: 'The request arrived too slowly',
  TOO_LARGE: 'The input is too large',
  UNSUPPORTED_MEDIA_TYPE: 'This media type is not accepted',
  INVALID_PARAMETERS: 'The parameters are not valid',
  RATE_LIMITED: 'Too many requests',
  HEADERS_TOO_LARGE: 'The request headers are too large',
  CANCELLED: 'The client closed the connection',
  INTERNAL: 'A defect in the server',
  NOT_READY: 'The model is not ready',
  OVERLOADED: 'The server is overloaded',
  OUT_OF_MEMORY: 'Out of memory',
  ENGINE_CRASHED: 'The engine crashed under this input',
  TIMEOUT: 'The deadline passed',
};
