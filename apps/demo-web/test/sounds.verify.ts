import type { EmbedResult, VadResult } from '@portico/schemas';
import { expect, inject, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { done, input, outputIsThere, parameters, postFile, runSample } from './harness/task-page.ts';

test('each segment of speech lies on the track where it is in the recording', async () => {
  const page = await open('/tasks/vad');
  await runSample(page, 'speech.flac');
  const { segments, durationSeconds } = (await postFile('vad', samples.speech)) as VadResult;
  const onTrack = input(page).getByRole('button', { name: /^Segment \d+ on the track$/ });
  await onTrack.first().waitFor();
  const drawn = await onTrack.evaluateAll((buttons) =>
    buttons.map((button) => {
      const { left, right } = button.getBoundingClientRect();
      const track = button.parentElement!.getBoundingClientRect();
      return [(left - track.left) / track.width, (right - track.left) / track.width];
    }),
  );
  expect(drawn).toHaveLength(segments.length);
  for (const [index, { start, end }] of segments.entries()) {
    expect(drawn[index]![0]! * durationSeconds).toBeCloseTo(start, 1);
    expect(drawn[index]![1]! * durationSeconds).toBeCloseTo(end, 1);
  }
  const rows = await input(page).getByRole('table').getByRole('row').allTextContents();
  expect(rows[1]).toContain(segments[0]!.start.toFixed(3));
});

test('another parameter finds other segments', async () => {
  const page = await open('/tasks/vad');
  await runSample(page, 'speech.flac');
  await parameters(page).getByRole('spinbutton', { name: 'minSpeechSeconds' }).fill('2');
  const onTrack = input(page).getByRole('button', { name: /on the track$/ });
  await expect.poll(() => onTrack.count(), { timeout: 10_000 }).toBe(1);
});

test('segments appear while they are found', async () => {
  const page = await open('/tasks/countdown', { settings: { url: inject('toyService') } });
  await page.getByRole('spinbutton', { name: 'from' }).fill('4');
  await page.getByRole('spinbutton', { name: 'pauseMs' }).fill('700');
  await page.getByRole('button', { name: 'Run' }).click();
  await input(page).getByText('{"number":3}').waitFor();
  expect(await page.getByText('{"number":1}').count()).toBe(0);
  await outputIsThere(page);
});

test('texts are compared as the server compares them, and again when one changes', async () => {
  const page = await open('/tasks/embed');
  await runSample(page, 'Three sentences');
  const cells = input(page).getByRole('table').getByRole('cell');
  const shown = async (): Promise<string[]> => (await cells.allTextContents()).filter((text) => /\d/.test(text));
  const texts = await input(page)
    .getByRole('textbox')
    .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
  const similarities = async (texts: string[]): Promise<string[]> => {
    const response = await fetch(`${inject('server')}/embed`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: { texts } }),
    });
    const { embeddings } = (await response.json()) as EmbedResult;
    return embeddings.flatMap((one) =>
      embeddings.map((other) => one.reduce((sum, value, index) => sum + value * other[index]!, 0).toFixed(2)),
    );
  };
  expect(await shown()).toEqual(await similarities(texts));

  await input(page).getByRole('textbox').last().fill('A cat sleeps on the sofa.');
  await parameters(page).getByRole('button', { name: 'Run' }).click();
  await done(page);
  const changed = await similarities([...texts.slice(0, -1), 'A cat sleeps on the sofa.']);
  await expect.poll(shown, { timeout: 10_000 }).toEqual(changed);
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
