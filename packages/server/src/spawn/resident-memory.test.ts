import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStatus, residentBytes, watchMemory } from './resident-memory.ts';

const linux = process.platform === 'linux';
// The default reporter counts what is skipped, but does not say why.
if (!linux) process.stderr.write('The samples of memory are not tested: there is no /proc here.\n');

it.skipIf(!linux)('the memory of a process is what the process says itself', () => {
  const status = openStatus(process.pid) ?? NaN;
  expect((residentBytes(status) ?? NaN) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
  closeSync(status);
});

it('the memory of a process is found behind the groups of its user, however many those are', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'status-'));
  const path = join(directory, 'status');
  const groups = Array.from({ length: 2_000 }, (_, index) => 100_000 + index).join(' ');
  await writeFile(path, `Name:\tnode\nGroups:\t${groups} \nVmPeak:\t  2000 kB\nVmRSS:\t  1000 kB\nThreads:\t1\n`);
  const status = openSync(path, 'r');
  expect(residentBytes(status)).toBe(1_024_000);
  closeSync(status);
  await rm(directory, { recursive: true });
});

it.skipIf(!linux)('processes are sampled until they exit, and their exit is no failure', async () => {
  const watched = [1, 2].map(() => {
    const child = spawn('sleep', ['60']);
    const samples: number[] = [];
    return { child, samples, stop: watchMemory(child.pid, (bytes) => samples.push(bytes)) };
  });
  const [first, second] = watched as [(typeof watched)[0], (typeof watched)[0]];
  const sampledAgain = async ({ samples }: typeof first) => {
    const { length } = samples;
    await expect.poll(() => samples.length, { timeout: 5_000 }).toBeGreaterThan(length + 1);
  };
  await Promise.all(watched.map(sampledAgain));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const { length } = first.samples;
  await sampledAgain(second);
  expect(first.samples).toHaveLength(length);
  for (const { stop } of watched) stop();
  second.child.kill('SIGKILL');
});

it.skipIf(!linux)('nothing stays open when watching ends, whether the process has or not', async () => {
  const ended = spawn('true');
  const stops = [watchMemory(process.pid, () => {}), watchMemory(ended.pid, () => {})];
  await once(ended, 'exit');
  for (const stop of [...stops, ...stops]) stop();
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // It was the one that read the folder.
      return '';
    }
  });
  expect(open.filter((file) => /proc\/\d+\/status$/.test(file))).toEqual([]);
});

it('without a process there is nothing to sample', () => {
  expect(() => watchMemory(undefined, () => {})()).not.toThrow();
});
