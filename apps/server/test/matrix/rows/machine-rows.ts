import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { rows } from '../../drain/support/doors.ts';
import { FakeNvmlBuilds, noCompiler } from '@portico/server/internal/gpu/testing/fake-nvml';
import { childrenOf } from '../../harness/process-facts.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';
import { FullDisk, whyNoFullDisk } from '../support/full-disk.ts';
import type { Row } from '../support/row.ts';
import { loading } from './doors.ts';
import { gone, killFirstEngine, restarting, signalEngine } from './strikes.ts';
import { WeightsFolder } from './weights-folder.ts';

const weights = new WeightsFolder();
const disk = new FullDisk();
const drivers = new FakeNvmlBuilds();
let driverFolder: string | undefined;

/** An environment in which this file is NVIDIA's library. */
async function driver(place: (path: string) => Promise<void>): Promise<NodeJS.ProcessEnv> {
  driverFolder = await mkdtemp(join(tmpdir(), 'portico-drivers-'));
  await place(join(driverFolder, 'libnvidia-ml.so.1'));
  return { LD_LIBRARY_PATH: driverFolder };
}

const forgetDriver = async (): Promise<void> => {
  if (driverFolder !== undefined) await rm(driverFolder, { recursive: true });
};

const monitors = async (server: ServerProcess): Promise<number[]> =>
  (await childrenOf(server.child.pid ?? 0))
    .filter(({ command, zombie }) => /gpu[-/]monitor/.test(command) && !zombie)
    .map(({ pid }) => pid);

const firstMonitor = (server: ServerProcess): Promise<number> => eventually(async () => (await monitors(server))[0]);

const killMonitor = async ({ server }: { readonly server: ServerProcess }): Promise<void> => {
  const monitor = await firstMonitor(server);
  process.kill(monitor, 'SIGKILL');
  await gone(monitor);
  expect(await firstMonitor(server)).not.toBe(monitor);
};

const onRows = { model: 'rows', clients: rows };

export const machineRows: readonly Row[] = [
  {
    name: 'disk full',
    skipped: whyNoFullDisk,
    model: 'loading:scripted',
    clients: loading,
    environment: async () => ({ ...(await weights.create()), MODEL_CACHE_DIR: await disk.create() }),
    strike: ({ server, struck }) => {
      struck();
      return killFirstEngine(server);
    },
    allowed: restarting,
    tidy: async () => {
      await weights.remove();
      await disk.remove();
    },
  },
  {
    ...onRows,
    name: 'NVML hanging and its process killed',
    skipped: noCompiler,
    environment: () => driver((path) => symlink(drivers.build({ HANG_AT_READING: 1 }), path)),
    strike: killMonitor,
    tidy: async () => {
      await forgetDriver();
      drivers.remove();
    },
  },
  {
    ...onRows,
    name: 'NVML broken and an engine killed',
    environment: () => driver((path) => writeFile(path, 'not a library')),
    strike: async (scene) => {
      await signalEngine('SIGKILL')(scene);
      const gpu = await (await fetch(`${scene.server.url}/gpu`)).json();
      expect(gpu).toMatchObject({ available: false, reason: expect.stringContaining('cannot be loaded') });
    },
    allowed: restarting,
    tidy: forgetDriver,
  },
];
