import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { residentBytes, watchMemory } from './resident-memory.ts';

const linux = process.platform === 'linux';
// The default reporter counts what is skipped, but does not say why.
if (!linux) process.stderr.write('The samples of memory are not tested: there is no /proc here.\n');

it.skipIf(!linux)('the memory of a process is what the process says itself', async () => {
  const bytes = await residentBytes(process.pid);
  expect(bytes / process.memoryUsage.rss()).toBeCloseTo(1, 0);
});

it.skipIf(!linux)('a process is sampled until it exits, and its exit is no failure', async () => {
  const child = spawn('sleep', ['60']);
  const samples: number[] = [];
  const stop = watchMemory(child.pid, (bytes) => samples.push(bytes));
  await expect.poll(() => samples.length, { timeout: 5_000 }).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await new Promise((resolve) => setTimeout(resolve, 600));
  const { length } = samples;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(samples).toHaveLength(length);
  stop();
});

it('without a process there is nothing to sample', () => {
  expect(() => watchMemory(undefined, () => {})()).not.toThrow();
});
