import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { samples } from './samples.ts';
import { alertOf, chooseFile, outputIsThere, parameters, runSample } from './task-page.ts';

/** One thing that a person can have on the screen, and how they get there. */
export interface State {
  readonly name: string;
  readonly path: string;
  /** Where the model server is; the bundled one if it is left out. */
  readonly server?: () => string;
  readonly reach: (page: Page) => Promise<unknown>;
}

const toyService = (): string => inject('toyService');
const ready = (page: Page): Promise<void> => parameters(page).waitFor();

export const states: readonly State[] = [
  { name: 'overview', path: '/', reach: (page) => page.getByRole('link', { name: /embed/ }).first().waitFor() },
  {
    name: 'overview of another service',
    path: '/',
    server: toyService,
    reach: (page) =>
      page
        .getByRole('link', { name: /measure/ })
        .first()
        .waitFor(),
  },
  {
    name: 'overview without a server',
    path: '/',
    server: () => 'http://127.0.0.1:9',
    reach: (page) => alertOf(page, 'No connection').waitFor(),
  },
  { name: 'ocr', path: '/tasks/ocr', reach: ready },
  { name: 'ocr result', path: '/tasks/ocr', reach: (page) => runSample(page, 'page.jpg') },
  {
    name: 'ocr words',
    path: '/tasks/ocr',
    async reach(page) {
      await runSample(page, 'page.jpg');
      await parameters(page).getByRole('switch', { name: 'words' }).click();
      await page.locator('polygon[data-word]').first().waitFor();
      await page.locator('polygon[data-line="3"]').hover();
    },
  },
  {
    name: 'ocr without text',
    path: '/tasks/ocr',
    async reach(page) {
      await chooseFile(page, samples.portrait);
      await outputIsThere(page);
    },
  },
  {
    name: 'ocr refused',
    path: '/tasks/ocr',
    async reach(page) {
      await chooseFile(page, samples.text);
      await alertOf(page, 'UNSUPPORTED_MEDIA_TYPE').waitFor();
    },
  },
  { name: 'faces', path: '/tasks/faces', reach: ready },
  { name: 'faces result', path: '/tasks/faces', reach: (page) => runSample(page, 'astronaut.png') },
  { name: 'segment', path: '/tasks/segment', reach: ready },
  { name: 'segment result', path: '/tasks/segment', reach: (page) => runSample(page, 'astronaut.png') },
  {
    name: 'segment cutout',
    path: '/tasks/segment',
    async reach(page) {
      await runSample(page, 'astronaut.png');
      await parameters(page).getByText('cutout', { exact: true }).first().click();
      await page.waitForTimeout(1_500);
    },
  },
  { name: 'vad', path: '/tasks/vad', reach: ready },
  { name: 'vad result', path: '/tasks/vad', reach: (page) => runSample(page, 'speech.flac') },
  { name: 'embed', path: '/tasks/embed', reach: ready },
  {
    name: 'embed result',
    path: '/tasks/embed',
    reach: (page) => runSample(page, 'Three sentences'),
  },
  { name: 'file task', path: '/tasks/measure', server: toyService, reach: ready },
  {
    name: 'file task result',
    path: '/tasks/measure',
    server: toyService,
    async reach(page) {
      await chooseFile(page, samples.page);
      await outputIsThere(page);
    },
  },
  {
    name: 'file task failed',
    path: '/tasks/measure',
    server: toyService,
    async reach(page) {
      await chooseFile(page, samples.page);
      await outputIsThere(page);
      await page.getByRole('switch', { name: 'fail' }).click();
      await alertOf(page, 'BAD_INPUT').waitFor();
    },
  },
  { name: 'form task', path: '/tasks/compare', server: toyService, reach: ready },
  {
    name: 'form task result',
    path: '/tasks/compare',
    server: toyService,
    async reach(page) {
      await page.getByLabel('Choose a picture for left').setInputFiles(samples.page);
      await page.getByLabel('Choose a file for right').setInputFiles(samples.text);
      await outputIsThere(page);
    },
  },
  { name: 'any file task', path: '/tasks/weigh', server: toyService, reach: ready },
  {
    name: 'recording made',
    path: '/tasks/beep',
    server: toyService,
    async reach(page) {
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('button', { name: 'Save sound' }).waitFor();
    },
  },
  {
    name: 'bytes made',
    path: '/tasks/join',
    server: toyService,
    async reach(page) {
      await page.getByLabel('Choose a file for first').setInputFiles(samples.text);
      await page.getByLabel('Choose a file for second').setInputFiles(samples.page);
      await page.getByRole('button', { name: 'Save joined' }).waitFor();
    },
  },
  { name: 'json task', path: '/tasks/countdown', server: toyService, reach: ready },
  {
    name: 'sound task result',
    path: '/tasks/square',
    server: toyService,
    async reach(page) {
      await chooseFile(page, samples.speech);
      await outputIsThere(page);
    },
  },
  {
    name: 'json task result',
    path: '/tasks/countdown',
    server: toyService,
    async reach(page) {
      await page.getByRole('spinbutton', { name: 'from' }).fill('3');
      await page.getByRole('button', { name: 'Run' }).click();
      await outputIsThere(page);
    },
  },
  {
    name: 'json task running',
    path: '/tasks/countdown',
    server: toyService,
    async reach(page) {
      await page.getByRole('spinbutton', { name: 'from' }).fill('60');
      await page.getByRole('spinbutton', { name: 'pauseMs' }).fill('900');
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText(/^Running, .*, 1 item$/).waitFor();
    },
  },
  {
    name: 'code in Python',
    path: '/tasks/faces',
    async reach(page) {
      await runSample(page, 'astronaut.png');
      await page.getByRole('tab', { name: 'Python' }).click();
    },
  },
  {
    name: 'settings',
    path: '/',
    async reach(page) {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'status',
    path: '/tasks/vad',
    async reach(page) {
      await runSample(page, 'speech.flac');
      await page.getByRole('contentinfo').getByRole('button').first().click();
      await page.getByRole('region', { name: 'Models and devices' }).getByRole('table').waitFor();
    },
  },
  {
    name: 'unknown task',
    path: '/tasks/nothing',
    reach: (page) => page.getByText('has no task of this name').waitFor(),
  },
  { name: 'tensors', path: '/tensors', reach: (page) => page.getByText('doubling').first().waitFor() },
  {
    name: 'tensors result',
    path: '/tensors/doubling',
    async reach(page) {
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByRole('region', { name: 'Outputs' }).waitFor();
    },
  },
];
