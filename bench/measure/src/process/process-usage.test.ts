import { expect, test } from 'vitest';
import { cpuMs, memoryOf, processUsage } from './process-usage.ts';

test('CPU time is found behind any command', () => {
  const stat = '42 (a ) b (c) S 1 42 42 0 -1 4194560 1087 0 0 0 150 50 0 0 20 0 7 0 1311 0 0';
  expect(cpuMs(stat)).toBe(2_000);
});

test('memory is read in bytes', () => {
  const rollup =
    '5581-7ffe ---p 00000000 00:00 0   [rollup]\nRss:            1024 kB\nPss:             512 kB\nPss_Dirty:  1 kB\n';
  expect(memoryOf(rollup)).toEqual({ residentBytes: 1024 * 1024, proportionalBytes: 512 * 1024 });
});

test.runIf(process.platform === 'linux')('this process is measured as it sees itself', async () => {
  const before = await processUsage(process.pid);
  const until = performance.now() + 100;
  while (performance.now() < until);
  const after = await processUsage(process.pid);
  expect(after.cpuMs).toBeGreaterThan(before.cpuMs);
  expect(after.residentBytes / process.memoryUsage.rss()).toBeCloseTo(1, 0);
  expect(after.proportionalBytes).toBeLessThanOrEqual(after.residentBytes);
});
