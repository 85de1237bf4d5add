import { expect, test } from 'vitest';
import { errorCodes, errorTable } from './error-table.ts';
import { errorTitles } from './error-titles.ts';
import { Problem } from './problem.ts';

test('the table is what the documentation promises', () => {
  const rows = errorCodes.map((code) => [code, errorTable[code].status]);
  expect(Object.fromEntries(rows)).toEqual({
    BAD_INPUT: 400,
    UNAUTHORIZED: 401,
    NOT_FOUND: 404,
    METHOD_NOT_ALLOWED: 405,
    NOT_ACCEPTABLE: 406,
    REQUEST_TIMEOUT: 408,
    TOO_LARGE: 413,
    UNSUPPORTED_MEDIA_TYPE: 415,
    INVALID_PARAMETERS: 422,
    RATE_LIMITED: 429,
    HEADERS_TOO_LARGE: 431,
    CANCELLED: 499,
    INTERNAL: 500,
    NOT_READY: 503,
    OVERLOADED: 503,
    OUT_OF_MEMORY: 503,
    ENGINE_CRASHED: 503,
    TIMEOUT: 504,
  });
});

test('trying again helps only where nothing about the request has to change', () => {
  expect(errorCodes.filter((code) => errorTable[code].retryable)).toEqual([
    'REQUEST_TIMEOUT',
    'RATE_LIMITED',
    'NOT_READY',
    'OVERLOADED',
    'OUT_OF_MEMORY',
  ]);
});

test('a problem may say after how many whole seconds to come back', () => {
  const { status } = errorTable.OVERLOADED;
  const title = errorTitles.OVERLOADED;
  const problem = { type: 'about:blank', title, status, detail: 'Full.', code: 'OVERLOADED', requestId: 'request-1' };
  expect(Problem.parse({ ...problem, retryAfterSeconds: 2 })).toEqual({ ...problem, retryAfterSeconds: 2 });
  expect(Problem.safeParse({ ...problem, retryAfterSeconds: -1 }).success).toBe(false);
  expect(Problem.safeParse({ ...problem, retryAfterSeconds: 0.5 }).success).toBe(false);
});

test.each(errorCodes)('a problem can be %s', (code) => {
  const { status } = errorTable[code];
  const title = errorTitles[code];
  const problem = { type: 'about:blank', title, status, detail: 'Why.', code, requestId: 'request-1' };
  expect(Problem.parse(problem)).toEqual(problem);
});
