import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, bundler } from '../packed/bundle.ts';
import { installConsumer } from '../packed/consumer.ts';
import { apiKey, startLiveServer } from '../packed/live-server.ts';
import type { ServingProcess } from '../serving-process.ts';
import type { Project } from '../packed/project.ts';
import { type Report, reportOf } from '../packed/report.ts';
import { samples } from '../packed/samples.ts';
import { binaryOf } from './binary.ts';
import { expectedReport } from './expected-report.ts';
import { serveWorker } from './workerd.ts';

const runtimes = { deno: '2.9.6', bun: '1.4.5', workerd: '1.20261117.1' };
const programs = join(import.meta.dirname, 'programs');

describe('the packed SDK on other platforms', () => {
  let consumer: Project;
  let server: ServingProcess;

  beforeAll(async () => {
    consumer = await installConsumer({ ...runtimes, ...bundler }, { programs });
    server = await startLiveServer();
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
