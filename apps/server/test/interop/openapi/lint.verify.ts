import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serveEverything } from './serve-everything.ts';

const redocly = '@redocly/cli@2.77.0';
const rules = fileURLToPath(new URL('redocly.yaml', import.meta.url));

interface Problem {
  readonly ruleId: string;
  readonly message: string;
}

/** What the linter finds, by all rules that its authors recommend. */
async function lint(document: unknown): Promise<Problem[]> {
  const folder = mkdtempSync(join(tmpdir(), 'redocly-'));
  try {
    const path = join(folder, 'openapi.json');
    writeFileSync(path, JSON.stringify(document));
    const words = ['--yes', redocly, 'lint', path, '--config', rules, '--format', 'json'];
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { stdout } = await promisify(execFile)('npx', words, { env, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { stdout?: string }) => {
        if (error.stdout?.startsWith('{') === true) return { stdout: error.stdout };
        throw error;
      },
    );
    return (JSON.parse(stdout) as { problems: Problem[] }).problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([{}, { API_KEYS: 'a-key' }])(
  'the linter has nothing to say about the document, with %o',
  async (environment) => {
    await using server = await serveEverything(environment);
    const response = await fetch(`${server.url}/openapi.json`, { headers: { 'x-api-key': 'a-key' } });
    const document = (await response.json()) as { paths: Record<string, { get: { responses: object } }> };
    expect(await lint(document)).toEqual([]);
    const health = document.paths['/health'];
    if (health !== undefined) health.get.responses = {};
    expect((await lint(document)).map(({ ruleId }) => ruleId)).toContain('operation-2xx-response');
  },
);
