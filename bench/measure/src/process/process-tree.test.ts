import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processTree } from './process-tree.ts';
import { cpuBetween, serverUsage } from './server-usage.ts';

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
