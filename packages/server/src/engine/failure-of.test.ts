import { expect, it } from 'vitest';
import { failureOf } from './failure-of.ts';

it.each([
  'Array buffer allocation failed',
  'std::bad_alloc',
  'bad allocation',
  'CUDA failure 2: out of memory ; GPU=0',
  'BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 1073741824',
])('a lack of memory is told as one: %s', (message) => {
  expect(failureOf(new Error(message)).code).toBe('OUT_OF_MEMORY');
});

it('anything else is a defect, and what it says stays inside', () => {
  const failure = failureOf(new TypeError("Cannot read properties of undefined (reading 'secret')"));
  expect(failure.code).toBe('INTERNAL');
  expect(failure.message).not.toContain('secret');
});
