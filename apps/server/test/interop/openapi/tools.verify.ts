import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { pythonEnvironment } from '../../harness/python-environment.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import { serveEverything } from './serve-everything.ts';

const execute = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const root = here('../../../../..');
const picture = join(root, 'samples', 'page.jpg');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
/** TypeScript 5, whose interface the generator uses. */
const generators = ['@hey-api/openapi-ts@0.99.0', 'typescript@5.9.3'];
const maxExamples = '40';
const toolMs = 240_000;

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
  const run = (name: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    execute(tool(name), words, {
      cwd: folder,
      timeout: toolMs,
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

  it('schemathesis finds no response that the document lacks', { timeout: toolMs }, async () => {
    const words = ['--config-file', here('schemathesis.toml'), 'run', `${server.url}/openapi.json`];
    const options = ['--max-examples', maxExamples, '--no-color'];
    const env = { SCHEMATHESIS_HOOKS: here('hooks.py') };
    const { stdout } = await run('schemathesis', [...words, ...options], env).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
    expect(stdout).toMatch(/(\d+) generated, \1 passed/);
  });
});

it('@hey-api/openapi-ts makes a client that uploads a picture with every parameter, and embeds texts', async () => {
  const tools = join(root, 'node_modules', '.cache', 'portico-interop', generators.join('+').replaceAll('/', '-'));
  if (!existsSync(join(tools, 'node_modules'))) {
    mkdirSync(tools, { recursive: true });
    await execute('npm', ['install', '--no-audit', '--no-fund', '--prefix', tools, ...generators], { timeout: toolMs });
  }
  const binary = (name: string): string => join(tools, 'node_modules', '.bin', name);
  await execute(binary('openapi-ts'), ['-f', here('openapi-ts.config.mjs')], {
    cwd: folder,
    env: { ...process.env, OPENAPI_FOLDER: folder },
  });
  const generated = join(folder, 'generated');
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const target = ['--target', 'es2022', '--lib', 'es2023,dom,dom.iterable'];
  await execute(binary('tsc'), [...strict, ...target, join(generated, 'sdk.gen.ts'), join(generated, 'client.gen.ts')]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { stdout } = await execute(process.execPath, [tsx, here('upload.mjs'), generated, server.url, picture]);
  expect(JSON.parse(stdout)).toEqual({
    statuses: [200, 400, 200],
    text: expect.stringContaining('Portico serves models'),
    words: 3,
    code: 'BAD_INPUT',
    embeddings: 2,
  });
});
