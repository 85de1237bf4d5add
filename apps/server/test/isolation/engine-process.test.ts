import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { EngineListener } from '@portico/server/internal/dispatch/engine';
import { engineEnvironment } from '@portico/server/internal/spawn/engine-environment';
import type * as EngineProcess from '@portico/server/internal/spawn/engine-process';
import { enginesOf } from '../harness/server-process.ts';

// Engines run compiled code, and so does what starts them.
const server = new URL('../../../../packages/server/', import.meta.url);
const compiled = 'dist/spawn/engine-process.js';
const module = new URL('../dist/fixtures/rows.js', import.meta.url).href;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-engine-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An engine that has loaded the model of rows, and its reports since. */
async function startEngine(starter = new URL(compiled, server)) {
  const { startEngineProcess } = (await import(starter.href)) as typeof EngineProcess;
  const reports: string[] = [];
  const listener: EngineListener = {
    onProgress: ({ detail }) => reports.push(`progress ${detail}`),
    onDownloaded: () => {},
    onReady: () => reports.push('ready'),
    onLoadFailed: (detail) => reports.push(`load failed ${detail}`),
    onBegan: (ids) => reports.push(`began ${ids.join()}`),
    onItem: (id, index) => reports.push(`item ${id}/${index}`),
    onOutcome: (id) => reports.push(`outcome ${id}`),
    onFinished: () => reports.push('finished'),
    onMemory: () => {},
    onDeviceLost: (detail) => reports.push(`device lost ${detail}`),
    onExit: (detail) => reports.push(`exited ${detail}`),
  };
  const options = {
    device: { name: 'cpu', index: 0 },
    checksDevice: true,
    threads: 1,
    maxImagePixels: 1,
    maxRecordingSeconds: 1,
    cacheDirectory: folder,
  } as const;
  const code = { module, variant: 'fixture', weights: {}, maxBatchSize: 4 };
  const engine = startEngineProcess(
    {
      model: 'rows',
      code,
      options,
      logger: silent,
      environment: engineEnvironment(process.env, { names: [], niceness: 0 }),
    },
    listener,
  );
  const until = (wanted: string) =>
    vi.waitUntil(() => reports.includes(wanted) || reports.some((report) => report.startsWith('exited')), {
      timeout: 15_000,
    });
  await until('ready');
  expect(reports.splice(0)).toContain('ready');
  return {
    ...engine,
    reports,
    until,
    [Symbol.asyncDispose]: async () => {
      engine.kill();
      await until('exited ended by SIGKILL');
    },
  };
}

const input = (id: number, milliseconds = 0, how = 'answer') => ({
  id,
  bytes: Buffer.from(JSON.stringify({ value: id, how, milliseconds })),
  mediaType: null,
  params: {},
});

it('an engine reports what it begins, the outcomes and when it is done', async () => {
  await using engine = await startEngine();
  engine.send([input(1), input(2)]);
  await engine.until('finished');
  expect(engine.reports).toEqual(['began 1,2', 'outcome 1', 'outcome 2', 'finished']);
});

it('what was sent ahead runs next, as much at once as the model takes', async () => {
  await using engine = await startEngine();
  engine.send([input(1, 200)]);
  await engine.until('began 1');
  for (const id of [2, 3, 4, 5, 6]) engine.send([input(id)]);
  await engine.until('outcome 6');
  expect(engine.reports.filter((report) => report.startsWith('began'))).toEqual([
    'began 1',
    'began 2,3,4,5',
    'began 6',
  ]);
});

it('a result that was sent before the engine exited arrives, although the gateway was busy and wrote before it read', async () => {
  await using engine = await startEngine();
  engine.send([input(1, 100)]);
  await engine.until('began 1');
  engine.send([input(2, 0, 'exit')]);
  // The engine answers the first, begins the second and ends, while this process looks elsewhere.
  await new Promise((turn) => setTimeout(turn, 20));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  engine.cancel([3]);
  await vi.waitUntil(() => engine.reports.some((report) => report.startsWith('exited')), { timeout: 15_000 });
  expect(engine.reports.slice(0, 4)).toEqual(['began 1', 'outcome 1', 'finished', 'began 2']);
});

it('what is cancelled before it begins does not run', async () => {
  await using engine = await startEngine();
  engine.send([input(1, 200)]);
  await engine.until('began 1');
  engine.send([input(2), input(3)]);
  engine.cancel([2]);
  await engine.until('outcome 3');
  expect(engine.reports).not.toContain('outcome 2');
  expect(engine.reports).toContain('began 3');
});

it('a free engine reports also when all it was sent is cancelled at once', async () => {
  await using engine = await startEngine();
  engine.send([input(1)]);
  engine.cancel([1]);
  await engine.until('finished');
  expect(engine.reports).toContain('finished');
});

it('the exit of an engine is reported in the words of the system', async () => {
  const engine = await startEngine();
  engine.kill();
  await engine.until('exited ended by SIGKILL');
  expect(engine.reports).toEqual(['exited ended by SIGKILL']);
});

it('an engine that the system has killed says why that happens', async () => {
  const engine = await startEngine();
  const [pid = 0] = await enginesOf(process.pid);
  process.kill(pid, 'SIGKILL');
  await engine.until('exited');
  expect(engine.reports).toEqual(['exited ended by SIGKILL: the kernel does this when memory runs out']);
});

it('an installation may be in a folder with spaces', async () => {
  const elsewhere = join(folder, 'a folder with spaces');
  await mkdir(elsewhere);
  for (const part of ['dist', 'package.json']) {
    await cp(new URL(part, server), join(elsewhere, part), { recursive: true });
  }
  await symlink(new URL('node_modules', server), join(elsewhere, 'node_modules'));
  await using engine = await startEngine(pathToFileURL(join(elsewhere, compiled)));
  engine.send([input(1)]);
  await engine.until('finished');
  expect(engine.reports).toContain('outcome 1');
});
