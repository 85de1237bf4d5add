import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { compile } from '../packed/compile.ts';
import { installConsumer } from '../packed/consumer.ts';
import type { Project } from '../packed/project.ts';
import { samples } from '../packed/samples.ts';
import { type Browser, browserPackages, launchBrowser } from '../platforms/chromium.ts';
import { recipesFolder, sdkFolder } from '../recipes/pages.ts';
import { startRecipeServer } from '../recipes/recipe-server.ts';
import { type RunningProgram, startProgram } from '../recipes/running-program.ts';
import { type Generator, generateProject, runIn } from './generated-project.ts';
import { generators } from './generators.ts';
import { mockFonts } from './mock-fonts.ts';
import { openPage } from './open-page.ts';
import { expectHidden } from './sent-files.ts';

const run = promisify(execFile);
const compilers = ['5.9.3', '6.0.3', '7.0.2'];
const compilerPackages = Object.fromEntries(
  compilers.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]),
);
/** The oldest that the package's peers allow. */
const oldest = { '@trpc/client': '11.5.0', '@trpc/server': '11.5.0', superjson: '2.2.2' };
/** The newest integration of TanStack Query brings the tRPC that it needs. */
const newest = {
  '@tanstack/react-query': '5.108.4',
  '@trpc/tanstack-react-query': '11.22.1',
  'server-only': '0.0.1',
  superjson: '2.2.7',
};
const programs = ['trpc/read-and-listen.ts', 'trpc/own-links.ts'];
const timeout = 60_000;

describe.each([
  ['the oldest tRPC', { ...oldest }, ['5.9.3', '7.0.2']],
  ['the newest tRPC', { '@trpc/client': '^11', '@trpc/server': '^11', superjson: '^2' }, compilers],
])("the page's programs, from the packed SDK beside %s", (_which, packages, versions) => {
  let consumer: Project;
  let server: ServerProcess;

  beforeAll(async () => {
    consumer = await installConsumer(
      { ...packages, ...compilerPackages, '@types/node': '20.19.43' },
      { programs: recipesFolder },
    );
    for (const name of ['page.jpg', 'speech.flac']) await cp(join(samples, name), join(consumer.folder, name));
    await writeFile(join(consumer.folder, 'notes.txt'), 'This is no picture.');
    server = await startRecipeServer(consumer);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  test.each(versions)('compile with TypeScript %s and work', async (version) => {
    const options = { typescript: `typescript-${version}`, moduleResolution: 'nodenext', files: programs } as const;
    await compile(consumer, { ...options, skipLibCheck: false });
    const ran = async (program: string): Promise<string> => {
      const env = { ...process.env, PORTICO_URL: server.url };
      const file = join('out', program.replace(/ts$/, 'js'));
      return (await run(process.execPath, [file], { cwd: consumer.folder, env, timeout })).stdout;
    };
    const [read, own] = [await ran('trpc/read-and-listen.ts'), await ran('trpc/own-links.ts')];
    expect(read).toMatch(/^15 lines by one of \d models\n0\.802 3\.326\n4\.386 5\.726\nNot a picture: /);
    expect(own).toMatch(/^ready (true|false)$/m);
  });
});

/** The project of the page's last part. */
const generator: Generator = {
  ...generators.nextjs,
  adds: ['@trpc/tanstack-react-query', '@tanstack/react-query', 'superjson', 'server-only'],
  versions: { ...generators.nextjs.versions, ...newest },
};
const next = join('node_modules', 'next', 'dist', 'bin', 'next');
const key = 'a-key-that-only-the-site-knows';

describe('a new site of Next.js with the files of the page', () => {
  let project: Project;
  let server: ServerProcess;
  let site: RunningProgram;
  let browser: Browser;

  beforeAll(async () => {
    project = await generateProject(generator, {
      recipes: ['trpc-nextjs'],
      tools: { ...browserPackages, ...compilerPackages },
    });
    server = await startRecipeServer(project, { API_KEYS: key });
    const environment = { PORTICO_KEY: key, NEXT_TELEMETRY_DISABLED: '1', ...(await mockFonts(project)) };
    // Without the server: building the site asks nothing of it.
    await runIn(project, 'npm', ['run', 'build'], { environment });
    site = await startProgram([next, 'start', '-p', '0'], {
      folder: project.folder,
      environment: { ...environment, NODE_ENV: 'production', PORTICO_URL: server.url },
      port: /localhost:(\d+)/,
    });
    browser = await launchBrowser(project);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  test('is made by the commands of the page', async () => {
    const page = await readFile(join(sdkFolder, 'docs/trpc.md'), 'utf8');
    const commands = [generator.command, 'cd my-app', `npm install @portico/sdk ${generator.adds?.join(' ')}`];
    expect(page).toContain(`\`\`\`sh\n${commands.join('\n')}\n\`\`\``);
  });

  test.each(compilers)('has sound types with TypeScript %s, and so has a page without Next.js', async (version) => {
    await cp(join(recipesFolder, 'trpc-vite'), join(project.folder, 'trpc-vite'), { recursive: true });
    const config = {
      extends: './tsconfig.json',
      compilerOptions: {
        exactOptionalPropertyTypes: true,
        incremental: false,
        noEmit: true,
        noUncheckedIndexedAccess: true,
      },
      include: ['next-env.d.ts', 'app/**/*', 'trpc/**/*', 'trpc-vite/**/*'],
      exclude: ['node_modules'],
    };
    await writeFile(join(project.folder, 'tsconfig.types.json'), JSON.stringify(config));
    const compiler = join('node_modules', `typescript-${version}`, 'bin/tsc');
    expect(await runIn(project, process.execPath, [compiler, '-p', 'tsconfig.types.json'])).toBe('');
  });

  test('passes the linter of the project', async () => {
    expect(await runIn(project, 'npm', ['run', 'lint'])).not.toMatch(/warning/i);
  });

  test('sends what a server component has requested with the page, and calls nothing for it in the browser', async () => {
    expect(await (await fetch(site.url)).text()).toMatch(/<li>ocr<\/li>.*<li>vad<\/li>/);
    const { page, errors } = await openPage(browser, 'about:blank');
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(site.url);
    await page.waitForSelector('li:has-text("ocr")', { timeout });
    await page.setInputFiles('input', join(samples, 'page.jpg'));
    await page.waitForSelector('pre:has-text("A model is a function with opinions")', { timeout });
    const calls = requested.map((url) => new URL(url).pathname).filter((path) => path.startsWith('/trpc/'));
    expect(calls).toEqual(['/trpc/ocr.infer']);
    expect(errors).toEqual([]);
  });

  test('says what is wrong with a file', async () => {
    const { page } = await openPage(browser, site.url);
    await page.waitForSelector('li:has-text("ocr")', { timeout });
    await page.setInputFiles('input', join(project.folder, 'package.json'));
    await page.waitForSelector('[role=alert]:has-text("Accepted: ")', { timeout });
    expect(await page.textContent('pre')).toBe('');
  });

  test('hides its key, and what browsers may not call', async () => {
    expectHidden(key, join(project.folder, '.next/static'));
    for (const calls of ['status.gpu', 'models.list,status.gpu', 'vad.infer']) {
      expect([calls, (await fetch(`${site.url}/trpc/${calls}?batch=1`)).status]).toEqual([calls, 404]);
    }
    expect((await fetch(`${site.url}/trpc/models.list`)).status).toBe(200);
  });
});
