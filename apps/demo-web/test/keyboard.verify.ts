import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open } from './harness/browse.ts';
import { done, outputIsThere } from './harness/task-page.ts';

/** More stops than any page has. */
const maxStops = 80;

/** What has the focus: its role or tag, and its name or text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement!;
    const labels = (element as HTMLInputElement).labels;
    const name =
      element.getAttribute('aria-label') ??
      (labels !== null && labels !== undefined && labels.length > 0 ? labels[0]!.textContent : element.textContent);
    return `${element.getAttribute('role') ?? element.tagName.toLowerCase()} ${name?.trim().slice(0, 60)}`;
  });

/** Presses Tab until the focus is on what is wanted; each stop on the way must be visible. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < maxStops; stop++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    seen.push(now);
    if (wanted.test(now)) return;
  }
  throw new Error(`Tab does not reach ${wanted}. It stops at:\n${seen.join('\n')}`);
}

test('a whole session of reading a picture, without a mouse', async () => {
  const page = await open('/', { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await page.getByRole('link', { name: /ocr/ }).first().waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('Skip to the content');
  await tabTo(page, /^a .*ocr/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/tasks\/ocr$/);
  await page.getByRole('heading', { level: 1, name: 'ocr' }).waitFor();
  await page.getByRole('list', { name: 'Samples' }).waitFor();

  await tabTo(page, /^button page\.jpg/);
  await page.keyboard.press('Enter');
  await outputIsThere(page);
  expect(await focused(page)).toBe('button page.jpg');

  // A line that has the focus in the list stands out on the picture.
  await tabTo(page, /^button .*Portico serves models/);
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toContain('A model is a function with opinions');
  expect(await page.locator('polygon[data-line="1"]').getAttribute('data-active')).toBe('true');

  await tabTo(page, /^button Copy text/);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('Invoice 20481');

  await tabTo(page, /^switch words/);
  await page.keyboard.press('Space');
  await page.locator('polygon[data-word]').first().waitFor();
  await done(page);

  await tabTo(page, /^tab SDK/);
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('tab tRPC');
  await page.getByLabel('tRPC code').waitFor();

  await page.keyboard.press('Control+Home');
  await tabTo(page, /^button Settings/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await focused(page)).toBe('button Settings');
});
