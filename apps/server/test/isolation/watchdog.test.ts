import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeNvmlBuilds, noCompiler } from '@portico/server/internal/gpu/testing/fake-nvml';
import { ask } from '../harness/ask.ts';
import { explainSkip, measured } from '../harness/measured.ts';
import { alive, childrenOf, type ProcessEntry } from '../harness/process-facts.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

/** The promise is a second; the bound allows for a machine that is busy with other things. */
const boundMs = 4_000;
const practicallyForEver = { turns: 1e15 };

if (noCompiler !== undefined) explainSkip(`a GPU monitor inside a hanging driver call: ${noCompiler}`);

let drivers: string;
const fakes = new FakeNvmlBuilds();
beforeAll(async () => {
  drivers = await mkdtemp(join(tmpdir(), 'portico-drivers-'));
  if (noCompiler === undefined) await symlink(fakes.build({ HANG_AT_READING: 1 }), join(drivers, 'libnvidia-ml.so.1'));
});
afterAll(async () => {
  fakes.remove();
  await rm(drivers, { recursive: true });
});

/** Kills the gateway and returns how long any of its children lived on. */
async function outlived(server: ServerProcess, children: readonly ProcessEntry[]): Promise<number> {
  const pids = children.map(({ pid }) => pid);
  expect(await alive(pids)).toEqual(pids);
  server.child.kill('SIGKILL');
  const killedAt = performance.now();
  await eventually(async () => ((await alive(pids)).length === 0 ? true : undefined));
  return performance.now() - killedAt;
}

const isMonitor = ({ command }: ProcessEntry): boolean => command.includes('gpu-monitor');

it('no engine outlives a killed gateway: idle, in an endless run, in an endless native load; nor does the monitor', async () => {
  await using server = await startServer({ MODEL_NAME: 'dense,loop,loading:blocks', LD_LIBRARY_PATH: drivers });
  await server.logged(({ msg }) => msg === 'loading: loading on cpu');
  await eventually(async () => ((await ask(server, 'dense', { value: 1 })).status === 200 ? true : undefined));
  await eventually(async () => ((await ask(server, 'loop', { turns: 1 })).status === 200 ? true : undefined));
  const endless = ask(server, 'loop', practicallyForEver).catch(() => undefined);
  await eventually(async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return /portico_in_flight\{model="loop"\} 1/.test(text) ? true : undefined;
  });
  const children = await childrenOf(server.child.pid ?? 0);
  expect(children.filter((child) => !isMonitor(child))).toHaveLength(3);
  expect(children.filter(isMonitor)).toHaveLength(noCompiler === undefined ? 1 : 0);

  const milliseconds = await outlived(server, children);
  await endless;
  measured('children outlive a killed gateway', milliseconds);
  expect(milliseconds).toBeLessThan(boundMs);
});

it('nor does an engine that waits for something while it loads', async () => {
  await using server = await startServer({ MODEL_NAME: 'loading:waits' });
  await server.logged(({ msg }) => msg === 'loading: loading on cpu');
  const milliseconds = await outlived(server, await childrenOf(server.child.pid ?? 0));
  measured('a loading engine outlives a killed gateway', milliseconds);
  expect(milliseconds).toBeLessThan(boundMs);
});
