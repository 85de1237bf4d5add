import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { createPortico } from '../../src/index.ts';
import type { Project } from '../packed/project.ts';
import { samples } from '../packed/samples.ts';
import { type Browser, browserPackages, launchBrowser } from '../platforms/chromium.ts';
import { startRecipeServer } from '../recipes/recipe-server.ts';
import { type RunningProgram, startProgram } from '../recipes/running-program.ts';
import { generateProject, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { startHeldStream } from './held-stream.ts';
import { mockFonts } from './mock-fonts.ts';
import { type OpenPage, openPage } from './open-page.ts';
import { expectHidden } from './sent-files.ts';

const next = join('node_modules', 'next', 'dist', 'bin', 'next');
const key = 'a-key-that-only-the-site-knows';
const readPicture = 'section:nth-of-type(1)';
const findSpeech = 'section:nth-of-type(2)';
const timeout = 60_000;

describe('a new site of Next.js with the files of the page', () => {
  let project: Project;
  let server: ServerProcess;
  let site: RunningProgram;
  let browser: Browser;
  let environment: NodeJS.ProcessEnv;

  const start = (url: string): Promise<RunningProgram> =>
    startProgram([next, 'start', '-p', '0'], {
      folder: project.folder,
      environment: { ...environment, NODE_ENV: 'production', PORTICO_URL: url },
      port: /localhost:(\d+)/,
    });

  beforeAll(async () => {
    project = await generateProject(generators.nextjs, { recipes: ['nextjs'], tools: browserPackages });
    server = await startRecipeServer(project, { API_KEYS: key });
    environment = { PORTICO_KEY: key, NEXT_TELEMETRY_DISABLED: '1', ...(await mockFonts(project)) };
    // Without the server: building the site asks nothing of it.
    await runIn(project, 'npm', ['run', 'build'], { environment });
    site = await start(server.url);
    browser = await launchBrowser(project);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  const open = (): Promise<OpenPage> => openPage(browser, site.url);
  const sample = (name: string): string => join(samples, name);

  test('passes the linter of the project', async () => {
    expect(await runIn(project, 'npm', ['run', 'lint'])).not.toMatch(/warning/i);
  });

  test('shows what a server component requested, and the lines of a picture with the progress of its upload', async () => {
    const { page, errors } = await open();
    await page.waitForSelector('main > p:has-text("ocr, segment, vad")', { timeout });
    await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
    await page.waitForSelector(`${readPicture} li:nth-of-type(15)`, { timeout });
    expect(await page.textContent(`${readPicture} ol`)).toContain('A model is a function with opinions');
    await page.waitForSelector(`${readPicture} progress[value="1"]`, { timeout });
    expect(errors).toEqual([]);
  });

  test('shows the lines of the picture that was chosen last, whichever is read first', async () => {
    const { page } = await open();
    let requests = 0;
    const { promise: hasResponded, resolve: respond } = deferred();
    await page.route('**/portico/ocr', async (route) => {
      const number = (requests += 1);
      if (number === 1) await hasResponded;
      await route.fulfill({ json: { lines: [{ text: `Picture ${number}` }] } }).catch(() => {});
    });
    await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
    await eventually(async () => requests === 1 || undefined, timeout);
    await page.setInputFiles(`${readPicture} input`, sample('astronaut.png'));
    await page.waitForSelector(`${readPicture} li`, { timeout });
    respond();
    await sleep(500);
    expect(await page.textContent(`${readPicture} ol`)).toBe('Picture 2');
    expect(await page.textContent(`${readPicture} [role=alert]`)).toBe('');
  });

  test('shows speech as it is found', async () => {
    const { page, errors } = await open();
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
    expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 0.8 s to 3.3 sSpeech from 4.4 s to 5.7 s');
    expect(errors).toEqual([]);
  });

  test('shows each item of a stream before the next is found', async () => {
    await using stream = await startHeldStream();
    await using behind = await start(stream.url);
    const { page } = await openPage(browser, behind.url);
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(1)`, { timeout });
    expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 1.0 s to 2.0 s');
    stream.finish();
    await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
  });

  test('stops the work of the server when the user stops', async () => {
    const { page, errors } = await open();
    const recording = join(project.folder, 'silence.wav');
    writeFileSync(recording, silence(1_200));
    let pause = 0;
    const stopped = await eventually(async () => {
      await page.setInputFiles(`${findSpeech} input`, recording);
      await sleep((pause += 200));
      await page.click(`${findSpeech} button`);
      await sleep(500);
      return server.log.find((line) => line['status'] === 499);
    }, timeout);
    expect(stopped['path']).toBe('/vad');
    expect(await page.textContent(`${findSpeech} [role=alert]`)).toBe('');
    expect(errors).toEqual([]);
  });

  test('passes on a data URL and twenty megabytes', async () => {
    const portico = createPortico({ url: `${site.url}/portico` });
    const picture = readFileSync(sample('page.jpg')).toString('base64');
    const { lines } = await portico.ocr(`data:image/jpeg;base64,${picture}`);
    expect(lines).toHaveLength(15);
    const { durationSeconds } = await portico.vad(silence(1_200));
    expect(durationSeconds).toBe(1_200);
  });

  test('works while it is developed', async () => {
    await using developed = await startProgram([next, 'dev', '-p', '0'], {
      folder: project.folder,
      environment: { ...environment, NODE_ENV: undefined, PORTICO_URL: server.url },
      port: /localhost:(\d+)/,
    });
    // While it is developed, a site serves what its own origin asks for, and no other.
    const { page, errors } = await openPage(browser, developed.url.replace('127.0.0.1', 'localhost'));
    await page.waitForSelector('main > p:has-text("ocr, segment, vad")', { timeout });
    await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
    await page.waitForSelector(`${readPicture} li:nth-of-type(15)`, { timeout });
    expect(errors).toEqual([]);
    expect(developed.printed()).not.toMatch(/error/i);
  });

  test('says what is wrong with a file', async () => {
    const { page } = await open();
    const notes = join(project.folder, 'notes.txt');
    writeFileSync(notes, 'This is no picture.');
    for (const section of [readPicture, findSpeech]) {
      await page.setInputFiles(`${section} input`, notes);
      await page.waitForSelector(`${section} [role=alert]:not(:empty)`, { timeout });
      expect(await page.textContent(`${section} [role=alert]`)).toContain('Accepted: ');
    }
  });

  test('shows the rest of the page without a server', async () => {
    await using alone = await start('http://127.0.0.1:9');
    const { page } = await openPage(browser, alone.url);
    await page.waitForSelector('main > p:has-text("nothing at the moment")', { timeout });
    expect(await page.textContent('main')).toContain('A picture with text');
  });

  test('hides its key, and what browsers may not request', async () => {
    expectHidden(key, join(project.folder, '.next/static'));
    expect(await (await fetch(site.url)).text()).not.toContain(key);
    const refused = ['faces', 'models', 'ocr/batch', '..%2Fmetrics'].map((path) => [path, 'POST'] as const);
    const unread = ['ready', 'metrics', 'ocr'].map((path) => [path, 'GET'] as const);
    for (const [path, method] of [...refused, ...unread]) {
      const { status } = await fetch(`${site.url}/portico/${path}`, { method });
      expect([method, path, status]).toEqual([method, path, 404]);
    }
    const { models } = (await (await fetch(`${site.url}/portico/models`)).json()) as { models: unknown[] };
    expect(models.length).toBeGreaterThan(3);
    expect((await fetch(`${server.url}/ocr`, { method: 'POST', body: 'x' })).status).toBe(401);
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A silent recording of one channel in 16 bits at 8 kHz, long enough to be interrupted. */
function silence(seconds: number): Buffer {
  const rate = 8_000;
  const bytes = seconds * rate * 2;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(bytes + 36, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.alloc(bytes)]);
}
