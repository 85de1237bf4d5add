import type { VadResult } from '@portico/schemas';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { alertOf, input, output, outputIsThere, postFile, runSample } from './harness/task-page.ts';

const position = (page: Page): Locator => page.getByRole('slider', { name: 'Position' });
const positionNow = async (page: Page): Promise<number> => Number(await position(page).getAttribute('aria-valuenow'));

test('a segment is played from its start to its end, and no further', async () => {
  const page = await open('/tasks/vad');
  await runSample(page, 'speech.flac');
  const { segments } = (await postFile('vad', samples.speech)) as VadResult;
  const { start, end } = segments[1]!;
  await page.getByRole('button', { name: 'Play segment 2' }).press('Enter');
  await page.getByRole('button', { name: 'Stop segment 2' }).waitFor();
  await expect.poll(() => positionNow(page)).toBeGreaterThanOrEqual(start);
  await page.getByRole('button', { name: 'Play segment 2' }).waitFor();
  expect(await positionNow(page)).toBeCloseTo(end, 3);
});

test('the recording is played, paused and moved through by keys', async () => {
  const page = await open('/tasks/vad');
  await runSample(page, 'speech.flac');
  await position(page).press('End');
  expect(await positionNow(page)).toBeCloseTo(Number(await position(page).getAttribute('aria-valuemax')), 2);
  await position(page).press('Home');
  await position(page).press('ArrowRight');
  const step = await positionNow(page);
  expect(step).toBeGreaterThan(0);
  await position(page).press('Space');
  await page.getByRole('button', { name: 'Pause recording' }).waitFor();
  await expect.poll(() => positionNow(page)).toBeGreaterThan(step);
  await position(page).press('Space');
  await page.getByRole('button', { name: 'Play recording' }).waitFor();
});

test('what the microphone records is sent as a recording that the server reads', async () => {
  const page = await open('/tasks/vad');
  await input(page).getByRole('button', { name: 'Record', exact: true }).click();
  await expect.poll(() => page.getByRole('timer').textContent()).not.toBe('0:00');
  await page.getByRole('button', { name: 'Stop and send' }).click();
  await outputIsThere(page);
  await expect.poll(() => input(page).textContent()).toContain('recording.wav');
  await expect.poll(() => output(page).textContent()).toMatch(/durationSeconds[1-9]/);
});

test('a microphone that may not be used is said in words', async () => {
  const page = await open('/tasks/vad');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('No', 'NotAllowedError'));
  });
  await input(page).getByRole('button', { name: 'Record', exact: true }).click();
  await alertOf(page, 'This page is not allowed to use the microphone.').waitFor();
});

test('a recording that the browser cannot decode has its segments without a waveform', async () => {
  const page = await open('/tasks/vad');
  await page.evaluate(() => {
    OfflineAudioContext.prototype.decodeAudioData = () => Promise.reject(new DOMException('No', 'EncodingError'));
  });
  await runSample(page, 'speech.flac');
  await page.getByText('This browser cannot decode the recording').waitFor();
  expect(await page.getByRole('button', { name: /Segment \d+ on the track/ }).count()).toBe(2);
  expect(await page.getByRole('button', { name: 'Play recording' }).isDisabled()).toBe(true);
});
