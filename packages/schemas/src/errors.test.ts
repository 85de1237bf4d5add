import { expect, test } from 'vitest';
import { defectDetail, errorCodes, errorTable, Failure, isFailure, Problem, problemOf } from './errors.ts';

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

test('retrying helps only where nothing about the request has to change', () => {
  expect(errorCodes.filter((code) => errorTable[code].retryable)).toEqual([
    'REQUEST_TIMEOUT',
    'RATE_LIMITED',
    'NOT_READY',
    'OVERLOADED',
    'OUT_OF_MEMORY',
  ]);
});

test('a problem may say after how many whole seconds to come back', () => {
  const { status, title } = errorTable.OVERLOADED;
  const problem = { type: 'about:blank', title, status, detail: 'Full.', code: 'OVERLOADED', requestId: 'request-1' };
  expect(Problem.parse({ ...problem, retryAfterSeconds: 2 })).toEqual({ ...problem, retryAfterSeconds: 2 });
  expect(Problem.safeParse({ ...problem, retryAfterSeconds: -1 }).success).toBe(false);
  expect(Problem.safeParse({ ...problem, retryAfterSeconds: 0.5 }).success).toBe(false);
});

test.each(errorCodes)('a problem can be %s', (code) => {
  const { status, title } = errorTable[code];
  const problem = { type: 'about:blank', title, status, detail: 'Why.', code, requestId: 'request-1' };
  expect(Problem.parse(problem)).toEqual(problem);
});

test('a failure carries its code, its words and what the client needs', () => {
  const issues = [{ path: 'params.limit', message: 'Too big' }];
  const cause = new Error('inner');
  const failure = new Failure('OVERLOADED', 'The queue is full.', { issues, retryAfterSeconds: 2, cause });
  expect(failure).toMatchObject({
    code: 'OVERLOADED',
    message: 'The queue is full.',
    issues,
    retryAfterSeconds: 2,
    cause,
  });
  expect('cause' in new Failure('TIMEOUT', 'Late.')).toBe(false);
});

test('a failure is known by its name, so that one from another copy of the module counts', () => {
  expect(isFailure(new Failure('TIMEOUT', 'Late.'))).toBe(true);
  expect(isFailure(Object.assign(new Error('Late.'), { name: 'Failure', code: 'TIMEOUT' }))).toBe(true);
  expect(isFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(false);
  expect(isFailure({ name: 'Failure', code: 'TIMEOUT' })).toBe(false);
});

test('a code that is in no row of the table is no failure', () => {
  expect(isFailure(Object.assign(new Error('odd'), { name: 'Failure', code: 'toString' }))).toBe(false);
});

test('the detail of a failure has a bounded length', () => {
  expect(new Failure('BAD_INPUT', 'x'.repeat(100_000)).message).toHaveLength(1_000);
});

test('the problem of a failure has its row, its message and what the client needs', () => {
  const issues = [{ path: 'params.limit', message: 'Too big' }];
  expect(problemOf(new Failure('OVERLOADED', 'Full.', { issues, retryAfterSeconds: 2 }), 'request-1')).toEqual({
    type: 'urn:portico:problem:OVERLOADED',
    title: 'Server overloaded',
    status: 503,
    detail: 'Full.',
    code: 'OVERLOADED',
    requestId: 'request-1',
    retryAfterSeconds: 2,
    issues,
  });
});

test('the problem of anything else is INTERNAL, and its message stays inside', () => {
  const problem = problemOf(new Error('secret', { cause: new Failure('TIMEOUT', 'Late.') }), 'request-1');
  expect(problem).toMatchObject({ code: 'INTERNAL', status: 500, detail: defectDetail });
  expect(JSON.stringify(problem)).not.toContain('secret');
});

test.each(errorCodes)('%s has a title without a full stop and a meaning in sentences', (code) => {
  expect(errorTable[code].title).toMatch(/^[A-Z].*[^.]$/);
  expect(errorTable[code].meaning).toMatch(/^[A-Z`].*\.$/);
});
