import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, bundler } from '../packed/bundle.ts';
import { installConsumer } from '../packed/consumer.ts';
import type { Project } from '../packed/project.ts';
import { samples } from '../packed/samples.ts';
import { compileFixtures, type ServingProcess, startServing } from '../serving-process.ts';

// Environments that put their own Blob, File, FormData, AbortController and Uint8Array beside a fetch that may be another's: what
// `programs/environments/call-everything.ts` does with the packed SDK has to work in each of them.

const run = promisify(execFile);
const timeoutMs = 60_000;
const apiKey = 'a-key-of-the-tests';
const programs = join(import.meta.dirname, 'programs/environments');
const tasks = 'copy,compare,draw,count';

const latest = process.env['PORTICO_LATEST'] === '1';

/** With its own fetch, and with the one of undici, which is Node's as a package. */
const runner = { vitest: '4.1.12', undici: '7.30.2' };
/** Newer versions of jsdom need a newer Node than the oldest that is supported. */
const simulators = [
  ['jsdom 26', 'jsdom', '26.1.0'],
  ['jsdom 27', 'jsdom', '27.4.0'],
  ['jsdom 28', 'jsdom', '28.1.0'],
  ['happy-dom', 'happy-dom', latest ? 'latest' : '21.0.4'],
] as const;

const jest = {
  jest: latest ? 'latest' : '30.5.2',
  'jest-environment-jsdom': latest ? 'latest' : '30.5.2',
  'jest-fixed-jsdom': '0.0.11',
  'whatwg-fetch': '3.6.20',
  '@edge-runtime/vm': '5.0.0',
};
const jestEnvironments = [
  { name: 'jest-environment-node', options: { testEnvironment: 'node' } },
  {
    name: "jest-environment-jsdom, with Node's fetch put into it",
    options: { testEnvironment: './jsdom-with-fetch.cjs' },
  },
  { name: 'jest-fixed-jsdom', options: { testEnvironment: 'jest-fixed-jsdom' } },
  {
    name: 'jest-environment-jsdom, with a fetch over XMLHttpRequest',
    options: { testEnvironment: 'jsdom', setupFiles: ['whatwg-fetch'] },
    streams: false,
  },
];

let server: ServingProcess;
let picture: string;
beforeAll(async () => {
  server = await startServing(await compileFixtures(), { MODEL_NAME: tasks, API_KEYS: apiKey });
  picture = join(samples, 'astronaut.png');
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** Runs tests in the project; what they printed if they failed. */
async function failuresOf({ folder }: Project, words: readonly string[], place: object = {}): Promise<string> {
  const environment = { PLACE: JSON.stringify({ url: server.url, apiKey, picture, ...place }), CI: 'true' };
  try {
    await run('npx', words, { cwd: folder, env: { ...process.env, ...environment }, timeout: timeoutMs });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${String(error)}\n${stdout}\n${stderr}`;
  }
}

describe.each(simulators)('Vitest with %s', (_name, environment, version) => {
  let project: Project;
  beforeAll(async () => {
    project = await installConsumer({ ...runner, [environment]: version }, { programs });
    const options = { environment, include: ['environment.vitest.ts'], testTimeout: 30_000 };
    await writeFile(join(project.folder, 'vitest.config.js'), `export default ${JSON.stringify({ test: options })};`);
  });
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('everything works, with its fetch and with another', async () => {
    expect(await failuresOf(project, ['vitest', 'run'])).toBe('');
  });
});

describe('in a project with Jest', () => {
  let project: Project;
  beforeAll(async () => {
    project = await installConsumer({ ...jest, ...bundler }, { programs });
    // Jest reads CommonJS, and so the second build of the SDK.
    const words = [
      'call-everything.ts',
      '--bundle',
      '--format=cjs',
      '--target=es2022',
      '--outfile=call-everything.cjs',
    ];
    await run(join(project.folder, 'node_modules/esbuild/bin/esbuild'), words, { cwd: project.folder });
    await writeFile(join(project.folder, 'package.json'), '{ "private": true }');
  });
  afterAll(() => project?.[Symbol.asyncDispose]());

  test.each(jestEnvironments)('everything works in $name', async ({ options, streams = true }) => {
    const configuration = { ...options, testMatch: ['**/environment.jest.js'], testTimeout: 30_000 };
    expect(await failuresOf(project, ['jest', '--config', JSON.stringify(configuration)], { streams })).toBe('');
  });

  test('everything works in the edge runtime of Vercel', async () => {
    const { text } = await bundle(project, 'edge.ts', ['--format=iife', '--conditions=edge-light,browser']);
    await writeFile(join(project.folder, 'edge-program.js'), text);
    const place = JSON.stringify({ url: server.url, apiKey, picture });
    const { stdout } = await run(process.execPath, ['edge-machine.cjs', place], {
      cwd: project.folder,
      timeout: timeoutMs,
    });
    expect(JSON.parse(stdout)).toEqual({});
  });
});
