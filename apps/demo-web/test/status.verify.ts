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

test('a GPU of the server has its gauges', async () => {
  const gpu = { index: 0, name: 'A GPU', uuid: 'GPU-0', temperatureCelsius: 51, powerWatts: 60 };
  const memory = { memoryUsedBytes: 3 * 2 ** 30, memoryTotalBytes: 12 * 2 ** 30 };
  const status = { available: true, sampledAt: '2026-01-01T00:00:00.000Z' };
  const available = JSON.stringify({ ...status, gpus: [{ ...gpu, ...memory, utilizationPercent: 37 }] });
  const page = await open('/tensors');
  await page.route(/status\.gpu/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/\{"available":false.*"gpus":\[\]\}/, available);
    await route.fulfill({ response, body });
  });
  await page.reload();
  const gauges = page.getByRole('contentinfo').getByRole('list', { name: 'GPUs' });
  const valueOf = (name: string): Promise<string | null> => gauges.getByRole('meter', { name }).getAttribute('value');
  expect(await valueOf('GPU 0 utilization')).toBe('0.37');
  expect(await valueOf('GPU 0 memory')).toBe('0.25');
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
  const said = await output(page).getByRole('img', { name: /ms/ }).first().getAttribute('aria-label');
  for (const phase of phases) expect(said?.toLowerCase()).toContain(phase);
  expect(await page.getByRole('contentinfo').getByRole('img', { name: said! }).count()).toBe(1);
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
