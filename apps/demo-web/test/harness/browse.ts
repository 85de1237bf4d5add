import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterEach, inject } from 'vitest';

export interface OpenOptions {
  /** What is typed into the settings of this tab before the page is opened. */
  readonly settings?: { readonly url?: string; readonly apiKey?: string };
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly context?: BrowserContextOptions;
}

/** How long the page may take until it shows something: models run on two cores. */
const actionTimeoutMs = 10_000;

const browser = await chromium.connect(inject('browser'));

/** A browser logs these by itself, whatever the page does with the response. */
const loggedByBrowser = /^Failed to load resource: |^Access to .* has been blocked by CORS policy/;

let opened: Page[] = [];
let errors: string[] = [];

/** Opens a page of the demo, such as `/tasks/ocr`, in a tab of its own; it ends with the test. */
export async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const { settings, theme = 'light', width = 1280, height = 900, context } = options;
  const tab = await browser.newContext({ viewport: { width, height }, colorScheme: theme, ...context });
  tab.setDefaultTimeout(actionTimeoutMs);
  if (settings !== undefined) await tab.addInitScript(putSettings, JSON.stringify(settings));
  const page = await tab.newPage();
  opened.push(page);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !loggedByBrowser.test(message.text())) errors.push(message.text());
  });
  await page.goto(inject('page') + path);
  return page;
}

/** A page that has thrown or logged an error fails its test, as does one that has taken a text for markup. */
afterEach(async () => {
  const pages = opened;
  opened = [];
  const titles = await Promise.all(pages.map((page) => page.title()));
  await Promise.all(pages.map((page) => page.context().close()));
  const found = errors;
  errors = [];
  if (found.length > 0) throw new Error(`The page has logged errors:\n${found.join('\n')}`);
  if (titles.includes('taken over')) throw new Error('The page has taken a text for markup.');
});

/** Runs in the page, before its own scripts; a setting that is there already stays. */
function putSettings(settings: string): void {
  const key = 'portico-settings';
  if (sessionStorage.getItem(key) === null) sessionStorage.setItem(key, settings);
}
