import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, bundler } from '../packed/bundle.ts';
import { installConsumer } from '../packed/consumer.ts';
import { apiKey, startLiveServer } from '../packed/live-server.ts';
import type { ServingProcess } from '../serving-process.ts';
import type { Project } from '../packed/project.ts';
import type { Report } from '../packed/report.ts';
import { samples } from '../packed/samples.ts';
import { type Browser, browserPackages, launchBrowser, type Page } from './chromium.ts';
import { type PageServer, servePage } from './page-server.ts';

/** Progress events of an upload. */
interface Upload {
  readonly events: number;
  readonly last?: { readonly loaded: number; readonly total: number };
  readonly pageBytes: number;
}

/** Calls that clients have cancelled, as the server counts them. */
async function cancelledCalls({ url }: ServingProcess): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } });
  const counts = (await response.text()).matchAll(/^portico_cancelled_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

const programs = join(import.meta.dirname, 'programs');

describe('the packed SDK in a browser, on a page of another origin', () => {
  let consumer: Project;
  let pages: PageServer;
  let server: ServingProcess;
  let browser: Browser;

  beforeAll(async () => {
    consumer = await installConsumer({ ...browserPackages, ...bundler }, { programs });
    const { text } = await bundle(consumer, 'browser.ts');
    pages = await servePage(text);
    server = await startLiveServer({ CORS_ORIGINS: pages.origin, MAX_QUEUE: '1' });
    browser = await launchBrowser(consumer);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await pages?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  /** Opens the page; `errors` collects its errors. */
  async function open(origin: string, query: Readonly<Record<string, string>> = {}): Promise<[Page, string[]]> {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${origin}/?${new URLSearchParams({ url: server.url, key: apiKey, ...query })}`);
    return [page, errors];
  }

  async function reportOn(page: Page): Promise<Report> {
    await page.click('#run');
    await page.waitForSelector('#report:not([hidden])', { timeout: 60_000 });
    return JSON.parse((await page.textContent('#report')) ?? '') as Report;
  }

  test('runs tasks, reads a stream, aborts and reads errors', async () => {
    const [page, errors] = await open(pages.origin);
    await page.setInputFiles('#page', join(samples, 'page.jpg'));
    await page.setInputFiles('#portrait', join(samples, 'astronaut.png'));
    await page.setInputFiles('#speech', join(samples, 'speech.flac'));
    const { crowd, upload, ...report } = await reportOn(page);
    expect(report).toEqual({
      ocr: { text: expect.stringContaining('A model is a function with opinions'), lines: 15 },
      stream: [
        [0.802, 3.326],
        [4.386, 5.726],
      ],
      image: { type: 'image/png', isLarge: true },
      gpu: 'boolean',
      models: expect.arrayContaining(['ocr', 'vad']),
      ready: 'ready',
      noImage: {
        code: 'UNSUPPORTED_MEDIA_TYPE',
        status: 415,
        requestId: expect.stringMatching(/./),
        retryAfterSeconds: null,
      },
      aborted: { code: 'ABORTED', status: null, requestId: '', retryAfterSeconds: null },
      abortedAtWork: { code: 'ABORTED', status: null, requestId: '', retryAfterSeconds: null },
    });
    const { events, last, pageBytes } = upload as Upload;
    expect(events).toBeGreaterThan(0);
    expect(last?.loaded).toBe(last?.total);
    // The form around the file is sent too.
    expect(last?.total).toBeGreaterThan(pageBytes);
    const refusals = (crowd as { code: string }[]).filter(({ code }) => code !== 'none');
    expect(refusals.length).toBeGreaterThan(0);
    for (const refused of refusals) {
      expect(refused).toEqual({
        code: 'OVERLOADED',
        status: 503,
        requestId: expect.stringMatching(/./),
        retryAfterSeconds: expect.any(Number),
      });
    }
    expect(await cancelledCalls(server)).toBeGreaterThan(0);
    // A browser logs rejected requests by itself; there is nothing else.
    expect(errors.filter((error) => !/^Failed to load resource: .* status of (415|503) /.test(error))).toEqual([]);
  });

  test('rejects on a page whose origin the server does not allow', async () => {
    const [page, errors] = await open(pages.otherOrigin, { stranger: '' });
    expect(await reportOn(page)).toMatchObject({ ready: { code: 'NETWORK', status: null } });
    expect(errors.join('\n')).toContain('blocked by CORS policy');
  });
});
