import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

test('ten further tries are in hand', () => {
  const budget = new RetryBudget();
  expect(Array.from({ length: 12 }, () => budget.take())).toEqual([
    ...Array.from({ length: 10 }, () => true),
    false,
    false,
  ]);
});

test('ten successes earn one more', () => {
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

test('successes save up no more than ten', () => {
  const budget = new RetryBudget();
  for (let count = 0; count < 1_000; count += 1) budget.succeeded();
  expect(Array.from({ length: 11 }, () => budget.take()).lastIndexOf(true)).toBe(9);
});
