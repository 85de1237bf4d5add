import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, bundler } from '../packed/bundle.ts';
import { installConsumer } from '../packed/consumer.ts';
import { apiKey, startServerOfAllKinds } from '../packed/live-server.ts';
import type { ServingProcess } from '../serving-process.ts';
import type { Project } from '../packed/project.ts';
import { type Report, reportOf } from '../packed/report.ts';
import { samples } from '../packed/samples.ts';
import { serveWorker } from './workerd.ts';

/** What the portable program reports when everything works. */
const expectedReport: Report = {
  ocr: { text: expect.stringContaining('A model is a function with opinions'), lines: 15 },
  stream: [
    [0.802, 3.326],
    [4.386, 5.726],
  ],
  image: { type: 'image/png', isLarge: true },
  embed: 24,
  compare: ['image/png', 'text/plain'],
  compareStream: 2,
  copy: ['application/octet-stream', 'hello'],
  say: ['audio/wav', true],
  gpu: 'boolean',
  models: expect.arrayContaining(['ocr', 'vad']),
  ready: 'ready',
  noImage: { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, hasRequestId: true },
  aborted: { code: 'ABORTED', status: null, hasRequestId: false },
  noServer: { code: 'NETWORK', status: null, hasRequestId: false },
};

const runtimes = { deno: '2.9.6', bun: '1.4.5', workerd: '1.20261117.1' };
const programs = join(import.meta.dirname, 'programs');

describe('the packed SDK on other platforms', () => {
  let consumer: Project;
  let server: ServingProcess;

  beforeAll(async () => {
    consumer = await installConsumer({ ...runtimes, ...bundler }, { programs });
    server = await startServerOfAllKinds();
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  test('works in Deno', async () => {
    const deno = binaryOf(consumer, '@deno', ['deno', 'deno.exe']);
    const permissions = ['--allow-net=127.0.0.1', `--allow-read=${samples},${consumer.folder}`, '--no-prompt'];
    const words = ['run', ...permissions, '--cached-only', 'script.ts', server.url, apiKey, samples];
    const environment = { HOME: consumer.folder, DENO_NO_UPDATE_CHECK: '1' };
    expect(await reportOf(deno, words, { folder: consumer.folder, environment })).toEqual({
      ...expectedReport,
      path: 1,
    });
  });

  test('works in Bun', async () => {
    const bun = binaryOf(consumer, '@oven', ['bin/bun', 'bin/bun.exe']);
    const words = ['run', '--no-install', 'script.ts', server.url, apiKey, samples];
    const environment = { HOME: consumer.folder, DO_NOT_TRACK: '1' };
    expect(await reportOf(bun, words, { folder: consumer.folder, environment })).toEqual({
      ...expectedReport,
      path: 1,
    });
  });

  test('works in a Worker', async () => {
    const workerd = binaryOf(consumer, '@cloudflare', ['bin/workerd', 'bin/workerd.exe']);
    const { path } = await bundle(consumer, 'worker.ts', ['--conditions=workerd,worker,browser']);
    await using worker = await serveWorker(workerd, path, { url: server.url, key: apiKey });
    const response = await fetch(worker.url, { signal: AbortSignal.timeout(30_000) });
    expect(response.status).toBe(200);
    expect((await response.json()) as Report).toEqual({
      ...expectedReport,
      path: 'BAD_INPUT',
    });
  });
});

/** Where an npm package's own binary for this platform is: it comes in a package of its own, whose scope this is. */
function binaryOf({ folder }: Project, scope: string, places: readonly string[]): string {
  const scoped = join(folder, 'node_modules', scope);
  const packages = existsSync(scoped) ? readdirSync(scoped) : [];
  const binaries = packages.flatMap((name) => places.map((place) => join(scoped, name, place)));
  const found = binaries.find((binary) => existsSync(binary));
  if (found === undefined) throw new Error(`${scope} has no binary for ${process.platform}-${process.arch}.`);
  return found;
}
