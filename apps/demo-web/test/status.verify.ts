import type { GpuStatus } from '@portico/schemas';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from './harness/browse.ts';
import { output, runSample } from './harness/task-page.ts';

test('each model is in the status bar, which opens into what is known of it', async () => {
  const page = await open('/');
  const models = page.getByRole('contentinfo').getByRole('list', { name: 'Models' });
  for (const name of ['ocr', 'faces', 'segment', 'vad', 'embed', 'doubling']) {
    await models.getByRole('listitem').filter({ hasText: name }).getByText('cpu').waitFor();
  }
  await page.getByRole('contentinfo').getByRole('button', { name: /Ready/ }).click();
  const row = page.getByRole('region', { name: 'Models and devices' }).getByRole('row', { name: /ocr/ });
  expect(await row.textContent()).toContain('replicas 1/1');
});

/** Changes what the server says about itself, before the page reads it. */
async function rewriteStatus(page: Page, rewrite: (body: string) => string): Promise<void> {
  await page.route(/\/(models|ready|gpu)$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: rewrite(await response.text()) });
  });
}

test('a GPU has gauges, and what NVML does not know is left out', async () => {
  const unknown = { uuid: null, temperatureCelsius: null, powerWatts: null };
  const gpus: GpuStatus = {
    available: true,
    sampledAt: new Date(0).toISOString(),
    gpus: [
      { ...unknown, index: 0, name: 'A', utilizationPercent: 63, memoryUsedBytes: 2 ** 30, memoryTotalBytes: 2 ** 32 },
      { ...unknown, index: 1, name: 'B', utilizationPercent: null, memoryUsedBytes: null, memoryTotalBytes: null },
    ],
  };
  const page = await open('/tensors');
  await rewriteStatus(page, (body) => body.replace(/\{"available":[^\n]*?"gpus":\[\]\}/, JSON.stringify(gpus)));
  await page.reload();
  const gauges = page.getByRole('contentinfo').getByRole('list', { name: 'GPUs' });
  await gauges.waitFor();
  const values = await gauges
    .getByRole('meter')
    .evaluateAll((meters) => meters.map((meter) => [meter.ariaLabel, (meter as HTMLMeterElement).value]));
  expect(values).toEqual([
    ['GPU 0 utilization', 0.63],
    ['GPU 0 memory', 0.25],
  ]);
});

test('a model whose weights are being downloaded shows how far they are', async () => {
  const page = await open('/tensors');
  const detail = 'Model ocr is not ready: downloading net.onnx: 12.4 MB of 90.9 MB (13 %)';
  const progress = JSON.stringify({
    stage: 'downloading',
    detail: 'downloading net.onnx: 12.4 MB of 90.9 MB (13 %)',
    elapsedSeconds: 6,
    remainingSeconds: 38,
    file: { name: 'net.onnx', number: 1, count: 1, bytes: 12_400_000, totalBytes: 90_900_000 },
    error: null,
  });
  await rewriteStatus(page, (body) =>
    body.replace(
      /"status":"ready"(,"models":\[\{[^\n]*?"name":"ocr"[^\n]*?"ready":)1(,"target":\d+\})/,
      (_, before, after) => `"status":"not ready","detail":"${detail}"${before}0${after},"progress":${progress}`,
    ),
  );
  await page.goto(new URL('/', page.url()).href);
  await page.getByRole('link', { name: /ocr.*downloading net\.onnx/ }).waitFor();
  await page.getByRole('contentinfo').getByRole('button', { name: /ready/ }).click();
  const bar = page.getByRole('progressbar', { name: 'ocr download' });
  expect(await bar.evaluate(({ value }: HTMLProgressElement) => value)).toBeCloseTo(0.136, 3);
});

test('the phases of the last call are those of its server-timing', async () => {
  const page = await open('/tasks/faces');
  const responded = page.waitForResponse((response) => response.url().endsWith('/faces') && response.ok());
  await runSample(page, 'astronaut.png');
  const header = (await (await responded).allHeaders())['server-timing'] ?? '';
  const phases = [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, duration]) => {
    const milliseconds = Number(duration);
    return `${name} ${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  });
  expect(phases.length).toBeGreaterThan(2);
  const label = (place: Locator): Promise<string | null> =>
    place.getByRole('img', { name: /ms/ }).first().getAttribute('aria-label');
  // Both are there before the call is over, and change with it.
  const same = async (): Promise<boolean> =>
    (await label(page.getByRole('contentinfo'))) === (await label(output(page)));
  await expect.poll(same, { timeout: 10_000 }).toBe(true);
  const said = await label(output(page));
  for (const phase of phases) expect(said?.toLowerCase()).toContain(phase);
});

test('a theme that is chosen stays', async () => {
  const page = await open('/', { theme: 'light' });
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  const button = page.getByRole('button', { name: /^Theme/ });
  await button.click();
  await button.click();
  expect(await button.getAttribute('aria-label')).toBe('Theme: dark');
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await background()).toBe(dark);
});
