import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Browser,
  browserPackages,
  launchBrowser,
  type Page,
} from '../../../../packages/sdk/test/platforms/chromium.ts';
import { installProject, type Project } from '../../../../packages/sdk/test/packed/project.ts';
import { freePort } from '../drain/support/free-port.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { type Nginx, nginxOrSkip, startNginx } from './nginx.ts';
import { apiKey } from './refusals.ts';

const program = await nginxOrSkip();
const waiting = { timeout: 30_000 };

let project: Project;
let browser: Browser;
let server: ServerProcess;
let nginx: Nginx;
let page: Page;
let origin: string;

beforeAll(async () => {
  if (program === undefined) return;
  project = await installProject(browserPackages);
  browser = await launchBrowser(project);
  server = await startServer({ MODEL_NAME: 'crash', API_KEYS: apiKey });
  await server.ready();
  const port = await freePort();
  // A proxy that takes the prefix off and says nothing of it.
  nginx = await startNginx(
    program,
    `server { listen 127.0.0.1:${port}; location /ml/portico/ { proxy_pass ${server.url}/; } }`,
  );
  origin = `http://127.0.0.1:${port}`;
  page = await browser.newPage();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await nginx?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await project?.[Symbol.asyncDispose]();
});

it.skipIf(program === undefined)(
  'The documentation asks a browser for the key and tries routes with it, behind a prefix',
  async () => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${origin}/ml/portico/docs`);
    await page.waitForSelector('.errors-wrapper, .loading-container .failed-config', waiting);
    await page.fill('#api-key input', apiKey);
    await page.click('#api-key button');

    const models = '#operations-status-models';
    await page.waitForSelector(models, waiting);
    await page.click(`${models} .opblock-summary-control`);
    await page.click(`${models} .try-out__btn`);
    await page.click(`${models} .execute`);
    await page.waitForSelector(`${models} .live-responses-table .response-col_status`, waiting);
    expect(await page.textContent(`${models} .request-url`)).toContain(`${origin}/ml/portico/models`);
    expect(await page.textContent(`${models} .live-responses-table tbody .response-col_status`)).toContain('200');

    await page.click('#api-key button');
    await page.waitForSelector('#api-key input', waiting);
    expect(errors).toEqual([]);
  },
);
