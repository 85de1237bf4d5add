import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { pythonEnvironment } from '../../harness/python-environment.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import { npmTools } from './npm-tools.ts';
import { serveEverything } from './serve-everything.ts';

const execute = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const root = here('../../../../..');
const picture = join(root, 'samples', 'page.jpg');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
/** With TypeScript 5, whose interface the generators use. */
const generators = [
  '@hey-api/openapi-ts@0.99.0',
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.17.0',
  'typescript@5.9.3',
  '@types/node@20.19.43',
];
const maxExamples = '40';
const toolMs = 240_000;
const fuzzMs = 480_000;

const python = await pythonEnvironment(here('requirements.txt'));
if ('missing' in python) {
  if (process.env['CI'] === 'true') throw new Error(python.missing);
  explainSkip(`there is no Python with the tools for OpenAPI: ${python.missing}`);
}

let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  server = await serveEverything();
  await server.ready();
  folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  const document = await (await fetch(`${server.url}/openapi.json`)).text();
  writeFileSync(join(folder, 'openapi.json'), document);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf('missing' in python)('Tools in Python', () => {
  if ('missing' in python) return;
  const tool = (name: string): string => join(dirname(python.python), name);
  const run = (name: string, words: readonly string[], env: NodeJS.ProcessEnv = {}, timeout = toolMs) =>
    execute(tool(name), words, {
      cwd: folder,
      timeout,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, ...env },
    });

  it('openapi-spec-validator takes the document', async () => {
    const { stdout } = await run('openapi-spec-validator', ['openapi.json']);
    expect(stdout).toContain('openapi.json: OK');
  });

  it('openapi-python-client makes a client that uploads a picture with every parameter, and embeds texts', async () => {
    const output = join(folder, 'python', 'generated');
    mkdirSync(dirname(output));
    await run('openapi-python-client', [
      'generate',
      '--path',
      'openapi.json',
      '--output-path',
      output,
      '--meta',
      'none',
    ]);
    const { stdout } = await execute(python.python, [here('upload.py'), dirname(output), server.url, picture]);
    expect(JSON.parse(stdout)).toEqual({
      statuses: [200, 200, 415, 200],
      text: expect.stringContaining('Portico serves models'),
      words: [3, 3],
      code: 'UNSUPPORTED_MEDIA_TYPE',
      embeddings: 2,
    });
  });

  const fuzz = async (environment: NodeJS.ProcessEnv, ...more: readonly string[]): Promise<string> => {
    // So many requests wait at once that a full queue would hide what else a 503 may mean.
    await using locked = await serveEverything({ API_KEYS: 'a-key', MAX_QUEUE: '1000', ...environment });
    await locked.ready();
    const words = ['--config-file', here('schemathesis.toml'), 'run', `${locked.url}/openapi.json`];
    const keys = ['--header', 'x-api-key: a-key', '--header', 'Authorization: Bearer a-key'];
    const options = ['--max-examples', maxExamples, '--no-color', ...keys, ...more];
    const env = { SCHEMATHESIS_HOOKS: here('hooks.py') };
    const { stdout } = await run('schemathesis', [...words, ...options], env, fuzzMs).catch(
      (error: { stdout: string }) => {
        throw new Error(error.stdout);
      },
    );
    return stdout;
  };

  it.each([
    ['', {}, []] as const,
    [' of model control', { MODEL_CONTROL: 'explicit' }, ['--include-path-regex', '^/v2/repository/']],
  ])(
    'schemathesis finds no response that the document%s lacks',
    { timeout: fuzzMs },
    async (_of, environment, only) => {
      const stdout = await fuzz(environment, ...only);
      expect(stdout).toMatch(/\d{3,} generated, \d{3,} passed/);
      expect(stdout).not.toMatch(/\d unique failure/);
    },
  );
});

describe('Generators of TypeScript', () => {
  let modules: string;
  beforeAll(async () => {
    modules = await npmTools(generators);
    symlinkSync(modules, join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  }, toolMs);

  const run = (name: string, words: readonly string[]) =>
    execute(join(modules, '.bin', name), words, { cwd: folder, env: { ...process.env, OPENAPI_FOLDER: folder } });
  const check = (...words: readonly string[]) =>
    run('tsc', [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom,dom.iterable',
      ...words,
    ]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });

  it('@hey-api/openapi-ts makes a client that uploads a picture with every parameter, and embeds texts', async () => {
    await run('openapi-ts', ['-f', here('openapi-ts.config.mjs')]);
    const generated = join(folder, 'generated');
    await check(join(generated, 'sdk.gen.ts'), join(generated, 'client.gen.ts'));
    const { stdout } = await execute(process.execPath, [tsx, here('upload.mjs'), generated, server.url, picture]);
    expect(JSON.parse(stdout)).toEqual({
      statuses: [200, 400, 200],
      text: expect.stringContaining('Portico serves models'),
      words: 3,
      code: 'BAD_INPUT',
      embeddings: 2,
    });
  });

  it('openapi-typescript makes types, with which openapi-fetch uploads a picture with every parameter, and embeds texts', async () => {
    await run('openapi-typescript', ['openapi.json', '--output', 'schema.d.ts']);
    const program = join(folder, 'upload-typed.mjs');
    copyFileSync(here('upload-typed.mjs'), program);
    await check('--allowJs', '--checkJs', '--types', 'node', program);
    const { stdout } = await execute(process.execPath, [program, server.url, picture]);
    expect(JSON.parse(stdout)).toEqual({
      statuses: [200, 200, 200, 415, 422, 200],
      text: expect.stringContaining('Portico serves models'),
      words: [3, 3],
      image: 'data:image/png;base64,',
      codes: ['UNSUPPORTED_MEDIA_TYPE', 'INVALID_PARAMETERS'],
      embeddings: 2,
    });
  });
});
