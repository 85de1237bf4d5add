import type { Browser, Page } from '../platforms/chromium.ts';

export interface OpenPage {
  readonly page: Page;
  /** What went wrong in it so far, uncaught or in its console. */
  readonly errors: readonly string[];
}

/** Opens a page, with an eye on its errors. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  // A page that has come from a server hears of a chosen file once its own program runs.
  await page.goto(url, { waitUntil: 'networkidle' });
  return { page, errors };
}
