import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { unpackBrowser } from '../../../../packages/sdk/test/platforms/chromium.ts';
import { startServer } from '../../../server/test/harness/server-process.ts';
import { doubling } from '../../../server/test/onnx/models.ts';
import { startPage } from './page-server.ts';
import { startToyService } from './toy-service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where Playwright finds the browser. */
    browser: string;
    /** Addresses of the built page, of the bundled server with every task and one ONNX file, and of a service of its own. */
    page: string;
    server: string;
    toyService: string;
    /** Process id of the bundled server. */
    serverPid: number;
  }
}

const repository = join(import.meta.dirname, '../../../..');
const main = join(repository, 'apps/server/dist/main.js');
const tinyBert = join(repository, 'models/embed/testing/tiny-bert');

/** One browser, one page and two services for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-demo-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  const teardown = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  const endLater = <Started extends AsyncDisposable>(started: Started): Started => {
    ends.push(async () => started[Symbol.asyncDispose]());
    return started;
  };
  try {
    const models = join(folder, 'models');
    await mkdir(models);
    await writeFile(join(models, 'doubling.onnx'), doubling());
    const served = { MODEL_NAME: 'ocr,faces,segment,vad,embed', EMBED_WEIGHTS: tinyBert, MODEL_REPOSITORY: models };
    const server = endLater(await startServer(served, [], main));
    const toyService = endLater(await startToyService());
    const page = endLater(await startPage(server.url));
    const options = await unpackBrowser(join(import.meta.dirname, '..'), join(folder, 'browser'));
    // A microphone and a camera that play a test signal; a headless browser cannot ask for them.
    const media = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    const args = [...options.args, ...media];
    const browser = await chromium.launchServer({ ...options, args });
    ends.push(() => browser.close());
    await Promise.all([server.ready(), toyService.ready()]);

    project.provide('browser', browser.wsEndpoint());
    project.provide('page', page.url);
    project.provide('server', server.url);
    project.provide('toyService', toyService.url);
    project.provide('serverPid', server.child.pid ?? 0);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
