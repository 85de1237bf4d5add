import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../apps/server/test/drain/support/free-port.ts';
import { eventually, type ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import type { Project } from '../packed/project.ts';
import { samples } from '../packed/samples.ts';
import { type Browser, browserPackages, launchBrowser } from '../platforms/chromium.ts';
import { startRecipeServer } from '../recipes/recipe-server.ts';
import { type RunningProgram, startProgram } from '../recipes/running-program.ts';
import { generateProject, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { startHeldStream } from './held-stream.ts';
import { openPage } from './open-page.ts';
import { expectHidden } from './sent-files.ts';

const vite = join('node_modules', 'vite', 'bin', 'vite.js');
const key = 'a-key-that-only-the-site-knows';
const findSpeech = 'section';
const timeout = 60_000;

describe('a new site of SvelteKit with the files of the page', () => {
  let project: Project;
  let server: ServerProcess;
  let site: RunningProgram;
  let browser: Browser;

  /** As the page says to run it; on a port that is known before, because `ORIGIN` has it. */
  async function start(url: string): Promise<RunningProgram> {
    const port = String(await freePort());
    const origin = `http://127.0.0.1:${port}`;
    const settings = { HOST: '127.0.0.1', PORT: port, ORIGIN: origin, BODY_SIZE_LIMIT: '20M' };
    return startProgram(['build'], {
      folder: project.folder,
      environment: { ...settings, PORTICO_URL: url, PORTICO_KEY: key, NODE_ENV: 'production' },
      port: /:(\d+)/,
    });
  }

  beforeAll(async () => {
    project = await generateProject(generators.sveltekit, { recipes: ['sveltekit'], tools: browserPackages });
    server = await startRecipeServer(project, { API_KEYS: key });
    await runIn(project, 'npm', ['run', 'check']);
    await runIn(project, 'npm', ['run', 'build'], { environment: { PORTICO_KEY: key } });
    site = await start(server.url);
    browser = await launchBrowser(project);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  const sample = (name: string): string => join(samples, name);

  test('shows what the server serves, and the lines of a picture that a form sends', async () => {
    const { page, errors } = await openPage(browser, site.url);
    expect(await page.textContent('main > p')).toContain('ocr, segment, vad');
    await page.setInputFiles('form input', sample('page.jpg'));
    await page.click('form button');
    await page.waitForSelector('form li:nth-of-type(15)', { timeout });
    expect(await page.textContent('form ol')).toContain('A model is a function with opinions');
    expect(errors).toEqual([]);
  });

  test('takes pictures over the half megabyte at which it stops by default', async () => {
    const { page } = await openPage(browser, site.url);
    const large = join(project.folder, 'large.jpg');
    writeFileSync(large, Buffer.concat([readFileSync(sample('page.jpg')), Buffer.alloc(2 ** 20)]));
    await page.setInputFiles('form input', large);
    await page.click('form button');
    await page.waitForSelector('form li:nth-of-type(15)', { timeout });
    expect(await page.textContent('form ol')).toContain('A model is a function with opinions');
  });

  test('shows speech as it is found', async () => {
    const { page, errors } = await openPage(browser, site.url);
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
    expect(await page.textContent(`${findSpeech} li:nth-of-type(2)`)).toBe('Speech from 4.4 s to 5.7 s');
    expect(errors).toEqual([]);
  });

  test('shows each item of a stream before the next is found, and ends the request when the user stops', async () => {
    await using stream = await startHeldStream();
    await using behind = await start(stream.url);
    const { page } = await openPage(browser, behind.url);
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(1)`, { timeout });
    await page.click(`${findSpeech} button`);
    await eventually(async () => stream.isAbandoned() || undefined, timeout);
    expect(await page.textContent(`${findSpeech} [role=alert]`)).toBe('');
  });

  test('works while it is developed', async () => {
    await using developed = await startProgram([vite, 'dev', '--host', '127.0.0.1', '--port', '0'], {
      folder: project.folder,
      environment: { PORTICO_URL: server.url, PORTICO_KEY: key, NODE_ENV: undefined, VITEST: undefined, NO_COLOR: '1' },
      port: /127\.0\.0\.1:(\d+)/,
    });
    const { page, errors } = await openPage(browser, developed.url);
    await page.setInputFiles('form input', sample('page.jpg'));
    await page.click('form button');
    await page.waitForSelector('form li:nth-of-type(15)', { timeout });
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
    expect(errors).toEqual([]);
  });

  test('says what is wrong with a file', async () => {
    const { page } = await openPage(browser, site.url);
    const notes = join(project.folder, 'notes.txt');
    writeFileSync(notes, 'This is no picture.');
    await page.setInputFiles('form input', notes);
    await page.click('form button');
    await page.setInputFiles(`${findSpeech} input`, notes);
    for (const part of ['form', findSpeech]) {
      await page.waitForSelector(`${part} [role=alert]:not(:empty)`, { timeout });
      expect(await page.textContent(`${part} [role=alert]`)).toContain('Accepted: ');
    }
  });

  test('shows the rest of the page without a server', async () => {
    await using alone = await start('http://127.0.0.1:9');
    const { page } = await openPage(browser, alone.url);
    expect(await page.textContent('main')).toMatch(/nothing at the moment.*A picture with text/s);
  });

  test('hides its key, and what browsers may not request', async () => {
    expectHidden(key, join(project.folder, 'build/client'));
    expect(await (await fetch(site.url)).text()).not.toContain(key);
    for (const path of ['faces', 'ocr/batch', '..%2Fmetrics']) {
      const { status } = await fetch(`${site.url}/portico/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect([path, status]).toEqual([path, 404]);
    }
    expect((await fetch(`${site.url}/portico/models`)).status).toBe(200);
  });
});
