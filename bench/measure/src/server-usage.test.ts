import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuBetween, cpuMs, memoryOf, processTree, processUsage, serverUsage } from './server-usage.ts';

const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log(1)'], { stdio: 'inherit' })`;

test.runIf(process.platform === 'linux')('a tree has its root and all generations below it', async () => {
  const child = spawn(process.execPath, ['-e', grandchild], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    const tree = await processTree(child.pid ?? 0);
    expect(tree[0]).toBe(child.pid);
    expect(tree).toHaveLength(2);
    const usage = await serverUsage(child.pid ?? 0);
    expect(usage).toMatchObject({ engineCount: 0, engines: { residentBytes: 0 } });
    expect(usage.total.residentBytes).toBeGreaterThan(usage.gateway.residentBytes);
    expect(cpuBetween(usage, await serverUsage(child.pid ?? 0)).total).toBeGreaterThanOrEqual(0);
  } finally {
    for (const pid of (await processTree(child.pid ?? 0)).toReversed()) process.kill(pid, 'SIGKILL');
  }
});

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
