import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
const key = 'a-key-that-only-the-forwarder-knows';
const readPicture = 'section:nth-of-type(1)';
const findSpeech = 'section:nth-of-type(2)';
const timeout = 60_000;

describe('a new project of Vite with the files of the page', () => {
  let project: Project;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    project = await generateProject(generators.vite, { recipes: ['vite'], tools: browserPackages });
    server = await startRecipeServer(project, { API_KEYS: key });
    browser = await launchBrowser(project);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  // Vite refuses a second preview of a project unless it is told.
  const start = (command: 'dev' | 'preview', url: string): Promise<RunningProgram> =>
    startProgram([vite, command, '--host', '127.0.0.1', '--port', '0', '--bypass-lock'], {
      folder: project.folder,
      environment: { PORTICO_URL: url, PORTICO_KEY: key, NODE_ENV: undefined, VITEST: undefined, NO_COLOR: '1' },
      port: /127\.0\.0\.1:(\d+)/,
    });
  const sample = (name: string): string => join(samples, name);

  describe('while it is developed', () => {
    let site: RunningProgram;
    beforeAll(async () => {
      site = await start('dev', server.url);
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    test('shows what the server serves, and the lines of a picture with the progress of its upload', async () => {
      const { page, errors } = await openPage(browser, site.url);
      await page.waitForSelector('main > p:has-text("ocr, segment, vad")', { timeout });
      await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
      await page.waitForSelector(`${readPicture} li:nth-of-type(15)`, { timeout });
      expect(await page.textContent(`${readPicture} ol`)).toContain('A model is a function with opinions');
      await page.waitForSelector(`${readPicture} progress[value="1"]`, { timeout });
      expect(errors).toEqual([]);
    });

    test('says what is wrong with a file', async () => {
      const { page } = await openPage(browser, site.url);
      const notes = join(project.folder, 'notes.txt');
      writeFileSync(notes, 'This is no picture.');
      for (const section of [readPicture, findSpeech]) {
        await page.setInputFiles(`${section} input`, notes);
        await page.waitForSelector(`${section} [role=alert]:not(:empty)`, { timeout });
        expect(await page.textContent(`${section} [role=alert]`)).toContain('Accepted: ');
      }
    });
  });

  describe('built', () => {
    let site: RunningProgram;
    beforeAll(async () => {
      await runIn(project, 'npm', ['run', 'build'], { environment: { PORTICO_KEY: key } });
      site = await start('preview', server.url);
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    test('passes the linter of the project', async () => {
      expect(await runIn(project, 'npm', ['run', 'lint'])).toContain('Found 0 warnings and 0 errors');
    });

    test('shows speech as it is found', async () => {
      const { page, errors } = await openPage(browser, site.url);
      await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
      await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
      expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 0.8 s to 3.3 sSpeech from 4.4 s to 5.7 s');
      expect(errors).toEqual([]);
    });

    test('shows each item of a stream before the next is found', async () => {
      await using stream = await startHeldStream();
      await using behind = await start('preview', stream.url);
      const { page } = await openPage(browser, behind.url);
      await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
      await page.waitForSelector(`${findSpeech} li:nth-of-type(1)`, { timeout });
      expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 1.0 s to 2.0 s');
      stream.finish();
      await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
    });

    test('ends the request when the user stops, and keeps what was found', async () => {
      await using stream = await startHeldStream();
      await using behind = await start('preview', stream.url);
      const { page, errors } = await openPage(browser, behind.url);
      await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
      await page.waitForSelector(`${findSpeech} li:nth-of-type(1)`, { timeout });
      await page.click(`${findSpeech} button`);
      await eventually(async () => stream.isAbandoned() || undefined, timeout);
      expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 1.0 s to 2.0 s');
      expect(await page.textContent(`${findSpeech} [role=alert]`)).toBe('');
      expect(errors).toEqual([]);
    });

    test('hides its key', async () => {
      expectHidden(key, join(project.folder, 'dist'));
      expect((await fetch(`${server.url}/ocr`, { method: 'POST', body: 'x' })).status).toBe(401);
    });
  });
});
