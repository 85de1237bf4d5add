import { expect, test } from 'vitest';
import { Failure, isFailure } from './failure.ts';

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
