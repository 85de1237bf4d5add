import { expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.ts';

it('shares grow until the budget is full, and give their bytes back', () => {
  const budget = new ByteBudget(100);
  const first = budget.lease();
  first.growTo(60);
  const second = budget.lease();
  expect(() => second.growTo(41)).toThrow(expect.objectContaining({ code: 'OVERLOADED', retryAfterSeconds: 1 }));
  expect(budget.heldBytes).toBe(60);
  second.growTo(40);
  expect(budget.heldBytes).toBe(100);
  first.release();
  expect(budget.heldBytes).toBe(40);
});

it('a share is as large as it ever had to be', () => {
  const budget = new ByteBudget(100);
  const lease = budget.lease();
  lease.growTo(50);
  lease.growTo(20);
  expect(budget.heldBytes).toBe(50);
  lease.growTo(70);
  expect(budget.heldBytes).toBe(70);
});

it('a share that was refused more keeps what it has', () => {
  const budget = new ByteBudget(100);
  const lease = budget.lease();
  lease.growTo(50);
  expect(() => lease.growTo(101)).toThrow('The memory for uploads (MAX_INFLIGHT_MB) is full');
  expect(budget.heldBytes).toBe(50);
});

it('a share is given back once, and takes nothing after that', () => {
  const budget = new ByteBudget(100);
  const lease = budget.lease();
  lease.growTo(50);
  lease.release();
  lease.release();
  lease.growTo(50);
  expect(budget.heldBytes).toBe(0);
});
