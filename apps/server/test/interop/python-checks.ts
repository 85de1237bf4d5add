import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { pythonEnvironment } from '../harness/python-environment.ts';

interface Check {
  readonly name: string;
  readonly error: string | null;
}

/**
 * Runs a program of Python that prints a line of JSON for each of its checks, in an environment of `requirements.txt` beside it.
 * @param skip called with the reason if this machine cannot have that environment
 * @returns the names of the checks, none of which has failed
 */
export async function checksOf(
  folder: string,
  script: string,
  words: readonly string[],
  skip: (reason: string) => unknown,
): Promise<string[]> {
  const environment = await pythonEnvironment(join(folder, 'requirements.txt'));
  if ('missing' in environment) {
    process.stderr.write(`${script} was not run: ${environment.missing}\n`);
    skip(environment.missing);
    return [];
  }
  const { stdout } = await promisify(execFile)(environment.python, [join(folder, script), ...words], {
    timeout: 240_000,
  });
  const checks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Check);
  expect(checks.filter(({ error }) => error !== null)).toEqual([]);
  return checks.map(({ name }) => name);
}
