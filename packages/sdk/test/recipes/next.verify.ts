import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import type { Project } from '../packed/project.ts';
import { type Browser, browserPackages, launchBrowser, type Page } from '../platforms/chromium.ts';
import { recipesFolder } from './readme.ts';
import { installRecipes } from './recipe-consumer.ts';
import { startRecipeServer } from './recipe-server.ts';
import { type RunningProgram, startProgram } from './running-program.ts';

const run = promisify(execFile);
const next = join('node_modules', 'next', 'dist', 'bin', 'next');
const key = 'a-key-that-only-the-site-knows';
const readPicture = 'section:nth-of-type(1)';
const findSpeech = 'section:nth-of-type(2)';

describe('a site of Next.js, from the packed packages', () => {
  let consumer: Project;
  let server: ServerProcess;
  let site: RunningProgram;
  let browser: Browser;

  beforeAll(async () => {
    consumer = await installRecipes(
      {
        '@types/node': '20.19.43',
        '@types/react': '19.3.0',
        next: '16.4.6',
        react: '19.3.1',
        'react-dom': '19.3.1',
        typescript: '7.0.2',
        zod: '4.6.7',
        ...browserPackages,
      },
      join(recipesFolder, 'next'),
    );
    const { folder } = consumer;
    server = await startRecipeServer(consumer, { API_KEYS: key });
    const environment = { PORTICO_URL: server.url, PORTICO_KEY: key, NEXT_TELEMETRY_DISABLED: '1' };
    await run(process.execPath, [next, 'build'], {
      cwd: folder,
      env: { ...process.env, ...environment, NODE_ENV: 'production' },
      timeout: 200_000,
    }).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`next build: ${error.stdout}\n${error.stderr}`, { cause: error });
    });
    site = await startProgram([next, 'start', '-p', '0'], {
      folder,
      environment: { ...environment, NODE_ENV: 'production' },
      port: /localhost:(\d+)/,
    });
    browser = await launchBrowser(consumer);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  /** Opens the page; `errors` collects its errors. */
  async function open(): Promise<[Page, string[]]> {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(site.url);
    return [page, errors];
  }
  const sample = (name: string): string => join(consumer.folder, name);
  const timeout = 60_000;

  test('shows what a server component requested, and the lines of a picture with the progress of its upload', async () => {
    const [page, errors] = await open();
    expect(await page.textContent('main > p')).toBe(
      'Served here: ocr, segment, vad, embed, count, draw, compare, say, digits',
    );
    await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
    await page.waitForSelector(`${readPicture} li:nth-of-type(15)`, { timeout });
    expect(await page.textContent(`${readPicture} ol`)).toContain('A model is a function with opinions');
    await page.waitForSelector(`${readPicture} progress[value="1"]`, { timeout });
    expect(errors).toEqual([]);
  });

  test('shows the lines of the picture that was chosen last, whichever is read first', async () => {
    const [page] = await open();
    let requests = 0;
    const { promise: hasResponded, resolve: respond } = deferred();
    await page.route('**/portico/ocr', async (route) => {
      const number = (requests += 1);
      if (number === 1) await hasResponded;
      await route.fulfill({ json: { lines: [{ text: `Picture ${number}` }] } }).catch(() => {});
    });
    await page.setInputFiles(`${readPicture} input`, sample('page.jpg'));
    await eventually(async () => requests === 1 || undefined, timeout);
    await page.setInputFiles(`${readPicture} input`, sample('photo.png'));
    await page.waitForSelector(`${readPicture} li`, { timeout });
    respond();
    await sleep(500);
    expect(await page.textContent(`${readPicture} ol`)).toBe('Picture 2');
    expect(await page.textContent(`${readPicture} [role=alert]`)).toBe('');
  });

  test('shows speech as it is found', async () => {
    const [page, errors] = await open();
    await page.setInputFiles(`${findSpeech} input`, sample('speech.flac'));
    await page.waitForSelector(`${findSpeech} li:nth-of-type(2)`, { timeout });
    expect(await page.textContent(`${findSpeech} ol`)).toBe('Speech from 0.8 s to 3.3 sSpeech from 4.4 s to 5.7 s');
    expect(errors).toEqual([]);
  });

  test('stops the work of the server when the user stops', async () => {
    const [page, errors] = await open();
    writeFileSync(sample('silence.wav'), silence(1_200));
    let pause = 0;
    const stopped = await eventually(async () => {
      await page.setInputFiles(`${findSpeech} input`, sample('silence.wav'));
      await sleep((pause += 200));
      await page.click(`${findSpeech} button`);
      await sleep(500);
      return server.log.find((line) => line['status'] === 499);
    }, timeout);
    expect(stopped['path']).toBe('/vad');
    expect(await page.textContent(`${findSpeech} [role=alert]`)).toBe('');
    expect(errors).toEqual([]);
  });

  test('says what is wrong with a file', async () => {
    const [page] = await open();
    for (const section of [readPicture, findSpeech]) {
      await page.setInputFiles(`${section} input`, sample('notes.txt'));
      await page.waitForSelector(`${section} [role=alert]:not(:empty)`, { timeout });
      expect(await page.textContent(`${section} [role=alert]`)).toContain('Accepted: ');
    }
  });

  test('hides its key, and what browsers may not request', async () => {
    const sent = readdirSync(sample('.next/static'), { recursive: true, withFileTypes: true });
    const files = sent.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(readFileSync(file, 'latin1')).not.toContain(key);
    expect(await (await fetch(site.url)).text()).not.toContain(key);
    for (const path of ['faces', 'trpc/models.list', 'ocr/batch', '..%2Fmetrics']) {
      expect((await fetch(`${site.url}/portico/${path}`, { method: 'POST', body: 'x' })).status).toBe(404);
    }
    expect((await fetch(`${server.url}/ocr`, { method: 'POST', body: 'x' })).status).toBe(401);
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A silent recording of one channel in 16 bits at 8 kHz. */
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
