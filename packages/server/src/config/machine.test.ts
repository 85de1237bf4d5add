import { availableParallelism, totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { thisMachine } from './machine.ts';

it('This machine has at least a core, and no more of anything than there is', () => {
  const { cores, memoryBytes } = thisMachine();
  expect(Number.isInteger(cores)).toBe(true);
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(cores).toBeLessThanOrEqual(availableParallelism());
  expect(memoryBytes).toBeGreaterThan(0);
  expect(memoryBytes).toBeLessThanOrEqual(totalmem());
});
