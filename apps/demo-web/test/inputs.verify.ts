import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { input, output, outputIsThere } from './harness/task-page.ts';

const picture = readFileSync(samples.portrait).toString('base64');

/** Sends the input zone an event that carries a picture, as a browser does when somebody drops or pastes one. */
const transfer = (page: Page, kind: 'drop' | 'paste'): Promise<void> =>
  input(page).evaluate(
    (zone, { base64, kind }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'portrait.png', { type: 'image/png' }));
      const init = { bubbles: true, cancelable: true };
      zone.dispatchEvent(
        kind === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data }),
      );
    },
    { base64: picture, kind },
  );

test.each(['drop', 'paste'] as const)('a picture is taken by %s', async (kind) => {
  const page = await open('/tasks/faces');
  await input(page).getByRole('list', { name: 'Samples' }).waitFor();
  await transfer(page, kind);
  await outputIsThere(page);
  expect(await input(page).textContent()).toContain('portrait.png');
});

test('a picture is taken by the camera, which is off again afterwards', async () => {
  const page = await open('/tasks/faces', { context: { permissions: ['camera'] } });
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      Object.assign(window, { cameraTrack: stream.getVideoTracks()[0] });
      return stream;
    };
  });
  await input(page).getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take a picture' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await outputIsThere(page);
  expect(await input(page).textContent()).toContain('camera.jpg');
  expect(await output(page).textContent()).toMatch(/width[1-9]/);
  const state = await page.evaluate(
    () => (window as unknown as { cameraTrack: MediaStreamTrack }).cameraTrack.readyState,
  );
  expect(state).toBe('ended');
});

test('a camera that may not be used is said in words', async () => {
  const page = await open('/tasks/faces');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('No', 'NotAllowedError'));
  });
  await input(page).getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('dialog').getByText('This page is not allowed to use the camera.').waitFor();
  expect(await page.getByRole('button', { name: 'Take a picture' }).isDisabled()).toBe(true);
});
