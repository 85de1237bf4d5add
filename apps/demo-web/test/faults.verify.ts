import type { Locator, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { freePort } from '../../server/test/drain/support/free-port.ts';
import { open } from './harness/browse.ts';
import { startPathProxy } from './harness/path-proxy.ts';
import { samples } from './harness/samples.ts';
import { alertOf, chooseFile, output, outputIsThere, parameters, runSample } from './harness/task-page.ts';
import { startToyService } from './harness/toy-service.ts';

const mebibyte = 1024 * 1024;
const apiKey = 'a-key-of-the-tests';

const status = (page: Page, text: string): Locator => page.getByRole('status').filter({ hasText: `Server: ${text}` });

const endWithTest = <Started extends AsyncDisposable>(started: Started): Started => {
  onTestFinished(async () => started[Symbol.asyncDispose]());
  return started;
};

describe('an input that the server refuses', () => {
  const bytes = readFileSync(samples.page);
  const truncated = Buffer.concat([bytes.subarray(0, 2_000), Buffer.alloc(2_000)]);
  test.each([
    ['a broken picture', 'ocr', { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: truncated }, 'BAD_INPUT'],
    [
      'a picture of no bytes',
      'faces',
      { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
      /BAD_INPUT|UNSUPPORTED_MEDIA_TYPE/,
    ],
    ['a recording where a picture belongs', 'segment', samples.speech, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a picture where a recording belongs', 'vad', samples.page, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text where a picture belongs', 'ocr', samples.text, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused by %s in words, with its request ID and a way to retry', async (_what, task, file, code) => {
    const page = await open(`/tasks/${task}`);
    await chooseFile(page, file);
    const alert = alertOf(page, code);
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/[\da-f]{8}-[\da-f]{4}/);
    await alert.getByRole('button', { name: 'Retry' }).click();
    await alertOf(page, code).waitFor();

    // The page is as good as new for the next input.
    await runSample(page, task === 'vad' ? 'speech.flac' : task === 'ocr' ? 'page.jpg' : 'astronaut.png');
    expect(await page.getByRole('alert').filter({ hasText: code }).count()).toBe(0);
  });

  test('one that is too large is refused', async () => {
    const small = endWithTest(await startToyService({ MAX_UPLOAD_MB: '1' }));
    await small.ready();
    const page = await open('/tasks/measure', { settings: { url: small.url } });
    await chooseFile(page, { name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(3 * mebibyte, bytes) });
    await alertOf(page, 'TOO_LARGE').waitFor();
  });
});

test('a parameter that the server refuses is named once, and at its field', async () => {
  const page = await open('/tasks/ocr');
  await runSample(page, 'page.jpg');
  const field = parameters(page).getByRole('spinbutton', { name: 'maxSideLength' });
  await field.fill('99');
  const alert = alertOf(page, 'INVALID_PARAMETERS');
  await alert.waitFor();
  expect(((await alert.textContent()) ?? '').match(/maxSideLength/g)).toHaveLength(1);
  expect(await field.getAttribute('aria-invalid')).toBe('true');
});

test('an error does not cover the settings on a small screen', async () => {
  const page = await open('/tasks/ocr', { width: 360, height: 640 });
  await chooseFile(page, samples.text);
  await alertOf(page, 'UNSUPPORTED_MEDIA_TYPE').waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

describe('a server', () => {
  test('that goes away and comes back is found again, and what failed can be retried', async () => {
    const port = String(await freePort());
    const first = endWithTest(await startToyService({ PORT: port }));
    await first.ready();
    const page = await open('/tasks/measure', { settings: { url: first.url } });
    await chooseFile(page, samples.page);
    await outputIsThere(page);

    await first[Symbol.asyncDispose]();
    await alertOf(page, 'No connection').waitFor();
    await chooseFile(page, samples.portrait);
    const alert = alertOf(page, 'NETWORK');
    await alert.waitFor();

    const second = endWithTest(await startToyService({ PORT: port }));
    await second.ready();
    await alert.getByRole('button', { name: 'Retry' }).click();
    await output(page).getByText('image/png').waitFor();
    await alertOf(page, 'No connection').waitFor({ state: 'hidden' });
  });

  test('that is not ready yet says so, and the page notices when it is', async () => {
    const slow = endWithTest(
      await startToyService({
        MODEL_NAME: 'measure,countdown,square',
        TOY_LOAD_MS: '8000',
        ENGINE_ENV: 'TOY_LOAD_MS',
      }),
    );
    const page = await open('/tasks/measure', { settings: { url: slow.url } });
    await status(page, '2 of 3 ready').waitFor();
    await chooseFile(page, samples.page);
    await output(page).getByText('image/jpeg').or(alertOf(page, 'NOT_READY')).waitFor();
    await slow.ready();
    await status(page, 'Ready').waitFor();
  });

  test('behind a path on another origin is used like any other', async () => {
    const proxy = endWithTest(await startPathProxy(inject('server'), '/ml/portico'));
    const page = await open('/tasks/vad', { settings: { url: `${proxy.url}/` } });
    await runSample(page, 'speech.flac');
    await output(page).getByText('durationSeconds').waitFor();
  });
});

describe('an API key', () => {
  test('is required, is used when it is right, and stays in the tab', async () => {
    const locked = endWithTest(await startToyService({ API_KEYS: apiKey }));
    const page = await open('/', { settings: { url: locked.url } });
    await alertOf(page, 'The server requires an API key').waitFor();

    const typeKey = async (key: string): Promise<void> => {
      await page
        .getByRole('button', { name: /settings/i })
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/API key/i).fill(key);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await typeKey('wrong');
    await alertOf(page, 'The server does not accept this API key').waitFor();
    expect(await page.getByRole('link', { name: /measure/ }).count()).toBe(0);

    await typeKey(apiKey);
    await page
      .getByRole('link', { name: /measure/ })
      .first()
      .click();
    await page.waitForURL(/\/tasks\/measure$/);
    await chooseFile(page, samples.page);
    await output(page).getByText('image/jpeg').waitFor();
    await page.reload();
    await parameters(page).waitFor();

    expect(page.url()).not.toContain(apiKey);
    const kept = await page.evaluate(() => `${Object.values(localStorage).join()} ${document.cookie}`);
    expect(kept).not.toContain(apiKey);
    const other = await page.context().newPage();
    await other.goto(page.url());
    expect(await other.evaluate(() => Object.values(sessionStorage).join())).not.toContain(apiKey);
  });
});
