import { describe, expect, test } from 'vitest';
import { PorticoError, type PorticoErrorDetails } from '../errors/portico-error.ts';
import type { RetryOptions } from '../options.ts';
import { checkedRetry, retryDelay } from './retry-delay.ts';

const lost = new PorticoError('NETWORK', 'The connection was lost.');
const full = (details: PorticoErrorDetails): PorticoError =>
  new PorticoError('OVERLOADED', 'The queue is full.', details);
/** The longest pause that chance can bring. */
const longest = (error: unknown, tries: number, options = {}): number | undefined =>
  retryDelay(error, tries, options, () => 1);

test('the pause is random, and at most doubles from try to try', () => {
  const options = { attempts: 9, firstDelayMs: 100, longestDelayMs: 500 };
  expect([1, 2, 3, 4, 5].map((tries) => longest(lost, tries, options))).toEqual([100, 200, 400, 500, 500]);
  expect(retryDelay(lost, 2, options, () => 0)).toBe(0);
  expect(retryDelay(lost, 2, options, () => 0.25)).toBe(50);
});

test('there are three tries, 200 ms at most before the second', () => {
  expect([1, 2, 3].map((tries) => longest(lost, tries))).toEqual([200, 400, undefined]);
});

test('what the server asks for is waited at least', () => {
  expect(retryDelay(full({ retryAfterSeconds: 2 }), 1, {}, () => 0)).toBe(2_000);
  expect(longest(full({ retryAfterSeconds: 2 }), 1)).toBe(2_200);
  expect(longest(full({ retryAfterSeconds: 0.5 }), 1, { longestDelayMs: 600 })).toBe(600);
});

test('a server that asks for more than the longest pause is not asked again', () => {
  expect(longest(full({ retryAfterSeconds: 2 }), 1, { longestDelayMs: 1_999 })).toBeUndefined();
  expect(longest(full({ retryAfterSeconds: 1e9 }), 1)).toBeUndefined();
});

test('what cannot succeed later is not tried again', () => {
  expect(longest(new PorticoError('BAD_INPUT', 'Empty.'), 1)).toBeUndefined();
  expect(longest(full({ retryable: false }), 1)).toBeUndefined();
  expect(longest(new Error('A defect.'), 1)).toBeUndefined();
  expect(retryDelay(lost, 1, false)).toBeUndefined();
});

test('an error of another copy of this package counts too', () => {
  const foreign = Object.assign(new Error('Lost.'), { name: 'PorticoError', code: 'NETWORK', retryable: true });
  expect(longest(foreign, 1)).toBe(200);
});

test('a pause is never longer than a timer can be', () => {
  const options = { attempts: 2_000, firstDelayMs: 1e9, longestDelayMs: 1e15 };
  expect(longest(lost, 1_500, options)).toBe(2 ** 31 - 1);
});

describe('options that make no sense are refused', () => {
  test.each([
    { attempts: 0 },
    { attempts: 1.5 },
    { attempts: Number.NaN },
    { attempts: Number.POSITIVE_INFINITY },
    { attempts: '3' },
    { firstDelayMs: -1 },
    { firstDelayMs: Number.NaN },
    { longestDelayMs: -1 },
    { longestDelayMs: '1s' },
    true,
    null,
    3,
  ])('%j', (retry) => {
    expect(() => checkedRetry(retry as never)).toThrow(TypeError);
  });

  test.each([false, {}, { attempts: 1 }, { attempts: undefined, firstDelayMs: 0 }, { longestDelayMs: 0 }])(
    'but %j is none of them',
    (retry) => {
      expect(checkedRetry(retry as RetryOptions | false)).toBe(retry);
    },
  );
});
