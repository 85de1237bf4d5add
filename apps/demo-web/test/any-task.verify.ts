import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import {
  alertOf,
  chooseFile,
  dropFile,
  input,
  output,
  outputIsThere,
  parameters,
  pasteFile,
} from './harness/task-page.ts';
import { hostile } from './toy/contract.ts';

const settings = { url: inject('toyService') };
const pageBytes = statSync(samples.page).size;

/** The bytes that a download has saved. */
async function sizeOf(download: Download): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-download-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await download.saveAs(path);
  return statSync(path).size;
}

describe('a task that the page does not know', () => {
  test('is on the overview, with its summary as text', async () => {
    const page = await open('/', { settings });
    const card = page.getByRole('link', { name: /measure/ }).filter({ hasText: 'Measure a picture' });
    await card.waitFor();
    expect(await card.textContent()).toContain(hostile);
    await card.click();
    await page.waitForURL(/\/tasks\/measure$/);
    await page.getByRole('heading', { level: 1, name: 'measure' }).waitFor();
  });

  test('takes a file and shows its JSON as a tree, whatever it says', async () => {
    const page = await open('/tasks/measure', { settings });
    await chooseFile(page, samples.page);
    await output(page).getByText(String(pageBytes), { exact: true }).waitFor();
    const tree = (await output(page).textContent()) ?? '';
    expect(tree).toContain('image/jpeg');
    expect(tree.split(hostile)).toHaveLength(3);
  });

  test('has a form for its parameters, which runs it again', async () => {
    const page = await open('/tasks/measure', { settings });
    const form = parameters(page);
    await form.getByText(`What to call it. ${hostile}`).waitFor();
    await chooseFile(page, samples.page);
    await output(page).getByText(String(pageBytes), { exact: true }).waitFor();

    await form.getByRole('textbox', { name: 'label' }).fill(hostile);
    await form.getByRole('spinbutton', { name: 'scale' }).fill('2');
    await output(page)
      .getByText(String(pageBytes * 2), { exact: true })
      .waitFor();
    expect(((await output(page).textContent()) ?? '').split(hostile)).toHaveLength(4);
  });

  test('that fails says what the server says, as text', async () => {
    const page = await open('/tasks/measure', { settings });
    await chooseFile(page, samples.page);
    await outputIsThere(page);
    await page.getByRole('switch', { name: 'fail' }).click();
    const alert = alertOf(page, 'This picture is not measured');
    await alert.waitFor();
    expect(await alert.textContent()).toContain(hostile);
    expect(await alert.textContent()).toContain('BAD_INPUT');
  });

  test('takes a recording and shows the picture that it makes', async () => {
    const page = await open('/tasks/square', { settings });
    await chooseFile(page, samples.speech);
    const picture = output(page).or(input(page)).locator('img[src^="data:image/png"]').first();
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  });

  test('takes a file of any kind', async () => {
    const page = await open('/tasks/weigh', { settings });
    await input(page).getByText('Drop a file here').waitFor();
    expect(await input(page).locator('input[type=file]').getAttribute('accept')).toBeNull();
    await chooseFile(page, { name: 'data.bin', mimeType: '', buffer: Buffer.from([0, 1, 2, 255]) });
    await output(page).getByText('application/octet-stream', { exact: true }).waitFor();
    await chooseFile(page, { name: 'notes', mimeType: '', buffer: Buffer.from('Nothing but text.') });
    await output(page).getByText('text/plain', { exact: true }).waitFor();
  });

  test('takes several files, each in its place, and runs once all of them are there', async () => {
    const page = await open('/tasks/compare', { settings });
    const calls: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && calls.push(request.url()));
    await input(page).getByText('Still needed: left, right.').waitFor();
    expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true);
    await page.getByLabel('Choose a picture for left').setInputFiles(samples.page);
    await input(page).getByRole('img', { name: 'left' }).waitFor();
    await input(page).getByText('Still needed: right.').waitFor();
    expect(calls.filter((url) => url.endsWith('/compare'))).toEqual([]);
    await page.getByLabel('Choose a file for right').setInputFiles(samples.text);
    await output(page).getByText('left', { exact: true }).first().waitFor();

    await page.getByLabel('Choose a file for right').setInputFiles(samples.portrait);
    await output(page).getByText('right', { exact: true }).first().waitFor();
    await parameters(page).getByRole('textbox', { name: 'word' }).fill('bigger');
    await output(page).getByText('bigger', { exact: true }).waitFor();
  });

  test('takes a file that is dropped on its place, or pasted where there is none yet', async () => {
    const page = await open('/tasks/compare', { settings });
    await dropFile(input(page).getByRole('listitem').filter({ hasText: 'right' }), 'notes.txt', 'text/plain');
    await input(page).getByText('Still needed: left.').waitFor();
    await pasteFile(input(page), 'pixel.png', 'image/png');
    await output(page).getByText('larger', { exact: true }).first().waitFor();
  });

  test('says that a file is of another kind than its place takes', async () => {
    const page = await open('/tasks/compare', { settings });
    await page.getByLabel('Choose a picture for left').setInputFiles(samples.page);
    await page.getByLabel('Choose a file for right').setInputFiles(samples.speech);
    await alertOf(page, 'UNSUPPORTED_MEDIA_TYPE').waitFor();
  });

  test('plays the recording that it makes, and saves it', async () => {
    const page = await open('/tasks/beep', { settings });
    await page.getByRole('button', { name: 'Run' }).click();
    const player = input(page).locator('audio');
    await player.waitFor();
    const duration = await player.evaluate(
      (audio: HTMLAudioElement) =>
        new Promise<number>((resolve) => {
          if (audio.readyState > 0) resolve(audio.duration);
          else audio.addEventListener('loadedmetadata', () => resolve(audio.duration));
        }),
    );
    expect(duration).toBeCloseTo(0.5);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      input(page).getByRole('button', { name: 'Save sound' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('sound.wav');
    expect(await sizeOf(download)).toBe(44 + 16_000);
  });

  test('shows what the model warns of', async () => {
    const page = await open('/tasks/beep', { settings });
    await page.getByLabel('hertz').fill('8000');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('status').filter({ hasText: 'Loudspeakers may not play so high a pitch. (shrill)' }).waitFor();
  });

  test('saves bytes that cannot be shown', async () => {
    const page = await open('/tasks/join', { settings });
    await page.getByLabel('Choose a file for first').setInputFiles(samples.text);
    await page.getByLabel('Choose a file for second').setInputFiles(samples.page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      input(page).getByRole('button', { name: 'Save joined' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('joined.joined');
    expect(await sizeOf(download)).toBe(statSync(samples.text).size + pageBytes);
  });
});
