import type { OcrResult } from '@portico/schemas';
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer as bytesOf, text as textOf } from 'node:stream/consumers';
import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { chooseFile, outputIsThere, postFile, runSample } from './harness/task-page.ts';

const outline = (page: Page, line: number): Locator => page.locator(`polygon[data-line="${line}"]`);
const row = (page: Page, line: number): Locator =>
  page.getByRole('list', { name: 'Lines' }).getByRole('listitem').nth(line).getByRole('button');
const standsOut = (element: Locator): Promise<string | null> => element.getAttribute('data-active');

test('pointing at a line makes its outline stand out, and the other way round', async () => {
  const page = await open('/tasks/ocr');
  await runSample(page, 'page.jpg');
  await row(page, 3).hover();
  expect(await standsOut(outline(page, 3))).toBe('true');
  await outline(page, 5).hover();
  expect(await standsOut(outline(page, 3))).toBe('false');
  expect(await standsOut(row(page, 5))).toBe('true');
});

test('so does the keyboard: one Tab stop on each side, and arrow keys', async () => {
  const page = await open('/tasks/ocr');
  await runSample(page, 'page.jpg');
  await row(page, 0).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await standsOut(outline(page, 2))).toBe('true');
  expect(await page.locator('[data-line][tabindex="0"]').count()).toBe(1);

  await outline(page, 2).focus();
  await page.keyboard.press('End');
  const { lines } = (await postFile('ocr', samples.page)) as OcrResult;
  expect(await standsOut(row(page, lines.length - 1))).toBe('true');
  await page.keyboard.press('Enter');
  expect(await row(page, lines.length - 1).evaluate((element) => element === document.activeElement)).toBe(true);
});

test('the text is saved as it was read', async () => {
  const page = await open('/tasks/ocr');
  await runSample(page, 'page.jpg');
  const { text } = (await postFile('ocr', samples.page)) as OcrResult;
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download .txt' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('page.txt');
  expect(await textOf(await saved.createReadStream())).toBe(`${text}\n`);
});

test('a picture that its camera has turned is outlined upright, and its text can be turned upright', async () => {
  const turned = await quarterTurned(samples.page);
  const page = await open('/tasks/ocr');
  await chooseFile(page, turned);
  await outputIsThere(page);
  const { width, height, angle, lines } = (await postFile('ocr', turned)) as OcrResult;
  expect([width < height, Math.abs(Math.round(angle))]).toEqual([true, 90]);

  const first = lines[0]!.polygon.map(({ x }) => x / width);
  const picture = (await page.locator('figure img').boundingBox())!;
  const shape = (await outline(page, 0).boundingBox())!;
  expect(picture.width / picture.height).toBeCloseTo(width / height, 2);
  expect((shape.x - picture.x) / picture.width).toBeCloseTo(Math.min(...first), 2);
  expect(shape.height).toBeGreaterThan(shape.width);

  await page.getByRole('button', { name: 'Turn upright' }).click();
  await expect
    .poll(async () => {
      const upright = (await outline(page, 0).boundingBox())!;
      return upright.width > upright.height;
    })
    .toBe(true);
});

test.each([
  ['faces', 'No face found.'],
  ['segment', 'No person found.'],
])('%s of a page of text: %s', async (task, words) => {
  const page = await open(`/tasks/${task}`);
  await chooseFile(page, samples.page);
  await page.getByText(words).first().waitFor();
});

test('the edge between a picture and its result is moved by keys', async () => {
  const page = await open('/tasks/segment');
  await runSample(page, 'astronaut.png');
  const shown = (): Promise<string> =>
    page.getByRole('img', { name: 'Mask' }).evaluate((element) => getComputedStyle(element).clipPath);
  const edge = page.getByRole('slider', { name: 'Before and after' });
  await edge.focus();
  expect(await shown()).toBe('inset(0px 0px 0px 50%)');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowRight');
  expect(await shown()).toBe('inset(0px 0px 0px 61%)');
  await page.keyboard.press('Home');
  expect(await shown()).toBe('inset(0px 0px 0px 0%)');
});

test('the picture that is saved is the one that the server has sent', async () => {
  const page = await open('/tasks/segment');
  await runSample(page, 'astronaut.png');
  await page.getByRole('radiogroup', { name: 'Result as' }).getByRole('radio', { name: 'Cut-out' }).check();
  await page.getByRole('img', { name: 'Cut-out' }).waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download PNG' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('astronaut-cutout.png');
  const { image } = (await postFile('segment', samples.portrait, { output: 'cutout' })) as { image: string };
  const sent = Buffer.from(image.slice(image.indexOf(',') + 1), 'base64');
  expect((await bytesOf(await saved.createReadStream())).equals(sent)).toBe(true);
});

/** The same pixels with a note that the camera was held sideways: Exif orientation 6, a quarter turn clockwise. */
async function quarterTurned(path: string): Promise<string> {
  const jpeg = await readFile(path);
  const exif = Buffer.from(
    'ffe1002245786966 0000 4d4d002a00000008 0001 011200030000000100060000 00000000'.replaceAll(' ', ''),
    'hex',
  );
  const folder = await mkdtemp(join(tmpdir(), 'portico-turned-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const turned = join(folder, 'turned.jpg');
  await writeFile(turned, Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
  return turned;
}
