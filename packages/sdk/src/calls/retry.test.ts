import { describe, expect, test } from 'vitest';
import { PorticoError, type PorticoErrorDetails } from '../errors/portico-error.ts';
import type { RetryOptions } from '../options.ts';
import { RetryBudget, retryDelay, validateRetry } from './retry.ts';

const lost = new PorticoError('NETWORK', 'The connection was lost.');
const full = (details: PorticoErrorDetails): PorticoError =>
  new PorticoError('OVERLOADED', 'The queue is full.', details);
/** The longest delay that chance can bring. */
const longest = (error: unknown, retry: number, options = {}): number | undefined =>
  retryDelay(error, retry, options, () => 1);

test('the delay is random, and its maximum doubles with each retry', () => {
  const options = { maxRetries: 8, initialDelayMs: 100, maxDelayMs: 500 };
  expect([1, 2, 3, 4, 5].map((retry) => longest(lost, retry, options))).toEqual([100, 200, 400, 500, 500]);
  expect(retryDelay(lost, 2, options, () => 0)).toBe(0);
  expect(retryDelay(lost, 2, options, () => 0.25)).toBe(50);
});

test('there are two retries by default, the first within 200 ms', () => {
  expect([1, 2, 3].map((retry) => longest(lost, retry))).toEqual([200, 400, undefined]);
});

test('the delay is at least what the server asks for', () => {
  expect(retryDelay(full({ retryAfterSeconds: 2 }), 1, {}, () => 0)).toBe(2_000);
  expect(longest(full({ retryAfterSeconds: 2 }), 1)).toBe(2_200);
  expect(longest(full({ retryAfterSeconds: 0.5 }), 1, { maxDelayMs: 600 })).toBe(600);
});

test('there is no retry if the server asks for more than the maximum delay', () => {
  expect(longest(full({ retryAfterSeconds: 2 }), 1, { maxDelayMs: 1_999 })).toBeUndefined();
  expect(longest(full({ retryAfterSeconds: 1e9 }), 1)).toBeUndefined();
});

test('what cannot succeed later is not retried', () => {
  expect(longest(new PorticoError('BAD_INPUT', 'Empty.'), 1)).toBeUndefined();
  expect(longest(full({ retryable: false }), 1)).toBeUndefined();
  expect(longest(new Error('A defect.'), 1)).toBeUndefined();
  expect(retryDelay(lost, 1, false)).toBeUndefined();
});

test('an error of another copy of this package counts too', () => {
  const foreign = Object.assign(new Error('Lost.'), { name: 'PorticoError', code: 'NETWORK', retryable: true });
  expect(longest(foreign, 1)).toBe(200);
});

test('a delay is never longer than a timer can be', () => {
  const options = { maxRetries: 2_000, initialDelayMs: 1e9, maxDelayMs: 1e15 };
  expect(longest(lost, 1_500, options)).toBe(2 ** 31 - 1);
});

describe('invalid options are rejected', () => {
  test.each([
    { maxRetries: -1 },
    { maxRetries: 1.5 },
    { maxRetries: Number.NaN },
    { maxRetries: Number.POSITIVE_INFINITY },
    { maxRetries: '3' },
    { initialDelayMs: -1 },
    { initialDelayMs: Number.NaN },
    { maxDelayMs: -1 },
    { maxDelayMs: '1s' },
    { attempts: 3 },
    { maxRetries: 2, backoff: 'none' },
    true,
    null,
    3,
  ])('%j', (retry) => {
    const message = 'retry must be false or { maxRetries, initialDelayMs, maxDelayMs }, with numbers from 0.';
    expect(() => validateRetry(retry as never)).toThrow(new TypeError(message));
  });

  test.each([false, {}, { maxRetries: 0 }, { maxRetries: undefined, initialDelayMs: 0 }, { maxDelayMs: 0 }])(
    'but %j is valid',
    (retry) => {
      expect(validateRetry(retry as RetryOptions | false)).toBe(retry);
    },
  );
});

test('a budget starts with ten retries', () => {
  const budget = new RetryBudget();
  expect(Array.from({ length: 12 }, () => budget.take())).toEqual([
    ...Array.from({ length: 10 }, () => true),
    false,
    false,
  ]);
});

test('ten successes earn one retry', () => {
  const budget = new RetryBudget();
  while (budget.take());
  for (let count = 0; count < 9; count += 1) budget.succeeded();
  expect(budget.take()).toBe(false);
  budget.succeeded();
  // Tenths do not add up exactly.
  budget.succeeded();
  expect(budget.take()).toBe(true);
  expect(budget.take()).toBe(false);
});

test('successes save up no more than ten retries', () => {
  const budget = new RetryBudget();
  for (let count = 0; count < 1_000; count += 1) budget.succeeded();
  expect(Array.from({ length: 11 }, () => budget.take()).lastIndexOf(true)).toBe(9);
});
