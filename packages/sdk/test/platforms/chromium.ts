import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Project } from '../packed/project.ts';
import { reportOf } from '../packed/report.ts';

/** The packages of a headless browser that needs nothing of the system it runs on. */
export const browserPackages = { '@sparticuz/chromium': '147.0.0', 'playwright-core': '1.65.1' };

/** What a page says in its console. */
export interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** A request of a page, held up. */
export interface Route {
  fulfill(response: { readonly json: unknown }): Promise<void>;
}

/** The parts of Playwright's page that are used here; the package is not installed in the workspace. */
export interface Page {
  on(event: 'console', listener: (message: ConsoleMessage) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  on(event: 'request', listener: (request: { url(): string }) => void): void;
  goto(url: string, options?: { readonly waitUntil: 'networkidle' }): Promise<unknown>;
  route(url: string, handle: (route: Route) => Promise<void>): Promise<void>;
  setInputFiles(selector: string, path: string): Promise<void>;
  click(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  waitForSelector(selector: string, options: { readonly timeout: number }): Promise<unknown>;
  textContent(selector: string): Promise<string | null>;
}

export interface Browser {
  newPage(): Promise<Page>;
  version(): string;
  close(): Promise<void>;
}

/** How Playwright starts the browser. */
export interface LaunchOptions {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly timeout: number;
}

interface Playwright {
  readonly chromium: { launch(options: LaunchOptions): Promise<Browser> };
}

/** Unpacks the browser; where it is and where its libraries are. */
const unpack = `import chromium from '@sparticuz/chromium';
const path = await chromium.executablePath();
console.log(JSON.stringify({ path, libraries: process.env.LD_LIBRARY_PATH }));`;

/** Without a font the browser ends; those of the package are looked for in a Lambda function's folders only. */
const fontConfiguration = (place: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(place, 'fonts')}</dir><cachedir>${join(place, 'fonts-cache')}</cachedir></fontconfig>`;

/** Unpacks the browser in the project's folder and starts it. */
export async function launchBrowser({ folder }: Project): Promise<Browser> {
  const options = await unpackBrowser(folder, join(folder, 'browser'));
  const { chromium } = createRequire(join(folder, 'package.json'))('playwright-core') as Playwright;
  return chromium.launch(options);
}

/** Unpacks the browser of the packages in `folder` into a new folder; it keeps a browser's normal rules between origins. */
export async function unpackBrowser(folder: string, place: string): Promise<LaunchOptions> {
  await mkdir(place);
  const home = { TMPDIR: place, HOME: place };
  // The package unpacks the libraries that Chromium needs only where it believes to be in a Lambda function.
  const lambda = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  const { path, libraries } = await reportOf(process.execPath, ['--input-type=module', '--eval', unpack], {
    folder,
    environment: { ...home, ...lambda },
  });
  const fonts = join(place, 'own-fonts.conf');
  await writeFile(fonts, fontConfiguration(place));
  return {
    executablePath: String(path),
    // Its own arguments would turn off the rules between origins that are tested here.
    args: ['--no-sandbox', '--disable-gpu', '--no-zygote'],
    env: {
      ...(process.env as Record<string, string>),
      ...home,
      LD_LIBRARY_PATH: String(libraries),
      FONTCONFIG_FILE: fonts,
    },
    timeout: 30_000,
  };
}
