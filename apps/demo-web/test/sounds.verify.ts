import type { EmbedResult, VadResult } from '@portico/schemas';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { alertOf, input, output, outputIsThere, postFile, runSample } from './harness/task-page.ts';

/** How far a segment may be from where the server says, in CSS pixels. */
const tolerance = 1;

const position = (page: Page) => page.getByRole('slider', { name: 'Position' });
const positionNow = async (page: Page): Promise<number> => Number(await position(page).getAttribute('aria-valuenow'));

describe.each([1280, 360])('at a width of %i pixels', (width) => {
  test('each segment of speech is below the part of the waveform that it is of', async () => {
    const page = await open('/tasks/vad', { width });
    await runSample(page, 'speech.flac');
    const { durationSeconds, segments } = (await postFile('vad', samples.speech)) as VadResult;
    const wave = (await position(page).boundingBox())!;
    const drawn = await page.getByRole('button', { name: /Segment \d+ on the track/ }).all();
    expect(drawn).toHaveLength(segments.length);
    for (const [index, { start, end }] of segments.entries()) {
      const box = (await drawn[index]!.boundingBox())!;
      expect(Math.abs(box.x - wave.x - (start / durationSeconds) * wave.width)).toBeLessThan(tolerance);
      expect(Math.abs(box.width - ((end - start) / durationSeconds) * wave.width)).toBeLessThan(tolerance);
    }
  });
});

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

test('what the microphone hears is sent as a recording that the server reads', async () => {
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

test('the similarity of texts is the cosine of their vectors', async () => {
  const texts = ['a cat', 'a dog', 'the stock market'];
  const page = await open('/tasks/embed');
  for (const [index, text] of texts.entries()) {
    await page.getByRole('textbox', { name: `Text ${index + 1}` }).fill(text);
  }
  const cells = page.getByRole('region', { name: 'Cosine similarity' }).getByRole('cell');
  const response = await fetch(`${inject('server')}/embed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: { texts }, params: {} }),
  });
  const { embeddings } = (await response.json()) as EmbedResult;
  const cosines = embeddings.flatMap((some) =>
    embeddings.map((other) => some.reduce((sum, value, index) => sum + value * other[index]!, 0)),
  );
  await expect
    .poll(async () => (await cells.allTextContents()).filter(Boolean).map((text) => Number(text.replace('−', '-'))))
    .toEqual(cosines.map((cosine) => expect.closeTo(cosine, 1.9) as number));
});

test('texts are added and removed by keys', async () => {
  const page = await open('/tasks/embed');
  const lines = page.getByRole('group', { name: 'Texts' }).getByRole('textbox');
  await lines.first().waitFor();
  const before = await lines.count();
  await lines.last().press('Enter');
  await page.keyboard.type('another');
  expect(await lines.last().inputValue()).toBe('another');
  await page.getByRole('button', { name: 'Remove text 1' }).press('Enter');
  expect(await lines.count()).toBe(before);
});

test('an ONNX file runs with typed values, and wrong ones are said in words', async () => {
  const page = await open('/tensors');
  await page.getByRole('link', { name: /doubling/ }).click();
  const field = page.getByRole('region', { name: 'Input x' });
  await field.getByText('Text', { exact: true }).click();
  await field.getByRole('textbox').fill('1 2 3');
  await field.getByText('There are 3 values; the shape 4 takes 4.').waitFor();
  const run = page.getByRole('button', { name: 'Run', exact: true });
  expect(await run.isDisabled()).toBe(true);
  await field.getByRole('textbox').fill('[1, 2.5, -3, 4]');
  await run.click();
  const values = page.getByRole('region', { name: 'Output y' });
  await values.getByRole('img', { name: 'Bars of 4 values; the largest is number 3' }).waitFor();
  expect(await values.getByLabel('Values', { exact: true }).allInnerTexts()).toEqual([
    expect.stringMatching(/^2\s+5\s+-6\s+8$/),
  ]);
});
