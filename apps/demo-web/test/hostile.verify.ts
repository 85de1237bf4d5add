import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { open } from './harness/browse.ts';
import { type HostileServer, json, startHostileServer } from './harness/hostile-server.ts';
import { samples } from './harness/samples.ts';
import { alertOf, chooseFile, done, input, output, outputIsThere, takeSample } from './harness/task-page.ts';

const levels = 100_000;
const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
const million = JSON.stringify(Array.from({ length: 1_000_000 }, (_, index) => index));
const svg = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg"><script>parent.document.title="taken over"</script></svg>')}`;

async function hostile(...[answer]: [Parameters<typeof startHostileServer>[1]]): Promise<HostileServer> {
  const server = await startHostileServer(inject('toyService'), answer);
  onTestFinished(async () => server[Symbol.asyncDispose]());
  return server;
}

/** The page reacts to a person: they can go somewhere else. */
async function goHome(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Tasks' }).click();
  await page.getByRole('heading', { name: 'See what the models see' }).waitFor();
}

describe('whatever a task puts out', () => {
  test.each([
    ['a million numbers', `{"numbers":${million}}`, '1000000 items'],
    [
      'a million fields',
      `{"fields":${million.replaceAll(/\d+/g, '"$&":$&').replace('[', '{').replace(']', '}')}}`,
      '1000000 fields',
    ],
    ['lists in lists in lists', `{"deep":${deep}}`, 'deep'],
    [
      'names with a meaning',
      '{"__proto__":{"polluted":1},"constructor":1,"toString":{"length":2},"hasOwnProperty":3}',
      'hasOwnProperty',
    ],
    ['a long name', `{"${'x'.repeat(5_000_000)}":"${'y'.repeat(5_000_000)}"}`, 'yyy…'],
    [
      'addresses',
      JSON.stringify({
        link: 'javascript:document.title="taken over"',
        svg,
        html: 'data:text/html,<script>1</script>',
      }),
      'javascript:',
    ],
    [
      'warnings',
      `{"warnings":${JSON.stringify(Array.from({ length: 100_000 }, (_, index) => `warning ${index}`))}}`,
      '100000 items',
    ],
    ['nothing', 'null', 'null'],
    ['a number', '7', '7'],
  ])('%s', async (_what, text, seen) => {
    const { url } = await hostile(({ url }, response) => url === '/measure' && json(response, text));
    const page = await open('/tasks/measure', { settings: { url } });
    await chooseFile(page, samples.page);
    await outputIsThere(page);
    await output(page).getByText(seen).first().waitFor();
    expect(await page.locator('img[src^="data:image/svg"]').count()).toBe(0);
    await goHome(page);
    expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
  });

  test('an error of any length, in as many words as a person reads', async () => {
    const problem = JSON.stringify({
      type: 'about:blank',
      title: 'Bad',
      status: 400,
      code: 'INVALID_PARAMETERS',
      detail: 'x'.repeat(5_000_000),
      requestId: 'r',
      issues: Array.from({ length: 100_000 }, (_, index) => ({ path: `constructor.${index}`, message: '<b>no</b>' })),
    });
    const { url } = await hostile(({ url }, response) => {
      if (url !== '/measure') return false;
      response.writeHead(400, { 'content-type': 'application/problem+json' }).end(problem);
      return true;
    });
    const page = await open('/tasks/measure', { settings: { url } });
    await chooseFile(page, samples.page);
    const alert = alertOf(page, 'INVALID_PARAMETERS');
    await alert.waitFor();
    expect(await alert.getByRole('listitem').count()).toBeLessThan(100);
    await goHome(page);
  });
});

test('a stream without an end can be left', async () => {
  const page = await open('/tasks/countdown', { settings: { url: inject('toyService') } });
  await page.getByRole('spinbutton', { name: 'from' }).fill('1000000');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByText(/^Running, .*, \d{4,} items$/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled').waitFor();
  await goHome(page);
});

describe('whatever responds at an address', () => {
  test.each(['{}', '[]', 'null', '[{"result":{"data":{"json":{"models":[null]}}}}]', '<html>'])('%s', async (text) => {
    const { url } = await hostile((_request, response) => json(response, text));
    const page = await open('/tasks/measure', { settings: { url } });
    await alertOf(page, 'No connection').waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('dialog').getByLabel('Server address').fill(inject('toyService'));
    await page.getByRole('button', { name: 'Save' }).click();
    await chooseFile(page, samples.page);
    await outputIsThere(page);
  });
});

describe('an API key', () => {
  test('goes to the server that it was typed for, and to no other', async () => {
    const [first, second] = [await hostile(() => false), await hostile(() => false)];
    const page = await open('/', { settings: { url: first.url, apiKey: 'a-secret' } });
    await page
      .getByRole('link', { name: /measure/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('dialog').getByLabel('Server address').fill(second.url);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(second.url.replace('http://', '')).first().waitFor();
    await page.getByRole('status').filter({ hasText: 'Server: Ready' }).waitFor();
    expect([...first.keys]).toEqual(['a-secret']);
    expect([...second.keys]).toEqual([]);
  });
});

test('the upload of a large file reports its progress, and asks for no stream', async () => {
  const page = await open('/tasks/vad');
  const upload = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/vad'));
  await chooseFile(page, { name: 'long.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(10_000_000) });
  expect((await upload).headers()['accept']).toBe('application/json');
  await alertOf(page, /BAD_INPUT|UNSUPPORTED_MEDIA_TYPE/).waitFor();
});

describe('an input that comes late', () => {
  test('does not replace a newer input', async () => {
    const page = await open('/tasks/ocr');
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/*.jpg', async (route) => {
      await held;
      await route.continue();
    });
    await takeSample(page, 'page.jpg');
    await chooseFile(page, samples.portrait);
    await outputIsThere(page);
    const sample = page.waitForResponse('**/*.jpg');
    release();
    await sample;
    await sleep(500);
    await input(page).getByText('astronaut.png').waitFor();
    await done(page);
    expect(await input(page).locator('img[alt="page.jpg"]').count()).toBe(0);
  });

  test('sends nothing once the page is left', async () => {
    const calls: string[] = [];
    const page = await open('/tasks/ocr');
    page.on('request', (request) => request.method() === 'POST' && calls.push(request.url()));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/*.jpg', async (route) => {
      await held;
      await route.continue();
    });
    await takeSample(page, 'page.jpg');
    await goHome(page);
    const sample = page.waitForResponse('**/*.jpg');
    release();
    await sample;
    await sleep(500);
    expect(calls.filter((url) => url.endsWith('/ocr'))).toEqual([]);
  });
});
