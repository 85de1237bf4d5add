import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { npmTools } from './npm-tools.ts';
import { serveEverything } from './serve-everything.ts';

const packages = ['@redocly/cli@2.77.0', '@stoplight/spectral-cli@6.16.3', '@hyperjump/json-schema@1.18.0'];
const installMs = 240_000;
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

let modules: string;
beforeAll(async () => {
  modules = await npmTools(packages);
}, installMs);

/** What a linter prints as JSON, which it does whether or not it finds anything. */
async function lint(command: string, document: unknown, words: (path: string) => readonly string[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    const path = join(folder, 'openapi.json');
    writeFileSync(path, JSON.stringify(document));
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(join(modules, '.bin', command), words(path), options).catch(
      (error: { stdout?: string }) => {
        if (/^[{[]/.test(error.stdout ?? '')) return { stdout: error.stdout as string };
        throw error;
      },
    );
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const redocly = async (document: unknown): Promise<readonly { readonly ruleId: string }[]> => {
  const found = await lint('redocly', document, (path) => [
    'lint',
    path,
    '--config',
    here('redocly.yaml'),
    '--format',
    'json',
  ]);
  return (found as { problems: { ruleId: string }[] }).problems;
};

const spectral = async (document: unknown): Promise<readonly { readonly code: string }[]> => {
  const words = ['--ruleset', here('spectral.yaml'), '--format', 'json', '--quiet'];
  return (await lint('spectral', document, (path) => ['lint', path, ...words])) as { code: string }[];
};

/** By the specification's own schema, every schema object in the document included. */
async function hyperjump(document: unknown): Promise<readonly unknown[]> {
  const index = join(modules, '@hyperjump', 'json-schema', 'openapi-3-1', 'index.js');
  const { validate } = (await import(pathToFileURL(index).href)) as {
    validate: (schema: string, value: unknown, format: 'BASIC') => Promise<{ valid: boolean; errors?: unknown[] }>;
  };
  const { valid, errors = [] } = await validate('https://spec.openapis.org/oas/3.1/schema-base', document, 'BASIC');
  return valid ? [] : errors;
}

interface Document {
  paths: Record<string, { get: { responses: object; tags: string[] } }>;
  components: { schemas: Record<string, object> };
}

describe.each([{}, { API_KEYS: 'a-key' }])('Of the document, with %o', (environment) => {
  it('linters and validators of three authors have nothing to say, until it has a mistake', async () => {
    await using server = await serveEverything(environment);
    const response = await fetch(`${server.url}/openapi.json`, { headers: { 'x-api-key': 'a-key' } });
    const document = (await response.json()) as Document;
    expect(await redocly(document)).toEqual([]);
    expect(await spectral(document)).toEqual([]);
    expect(await hyperjump(document)).toEqual([]);

    const health = document.paths['/health']?.get;
    if (health === undefined) throw new Error('the document has no /health');
    health.responses = {};
    health.tags = ['nobody'];
    document.components.schemas['Health'] = { type: 'obect' };
    expect((await redocly(document)).map(({ ruleId }) => ruleId)).toContain('operation-2xx-response');
    expect((await spectral(document)).map(({ code }) => code)).toContain('operation-tag-defined');
    expect((await hyperjump(document)).length).toBeGreaterThan(0);
  });
});
