import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A Python with the packages of a requirements file, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/portico-interop', import.meta.url));
const installMs = 200_000;
const execute = promisify(execFile);

/** Creates a virtual environment with exactly these packages, once for each requirements. */
export async function pythonEnvironment(requirementsPath: string): Promise<PythonEnvironment> {
  const key = createHash('sha256').update(readFileSync(requirementsPath)).digest('hex').slice(0, 16);
  const folder = join(cache, key);
  const python = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  // Written last: what was interrupted is begun again.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { python };
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...exactly, '--requirement', requirementsPath]);
  } catch (error) {
    return { missing: `there is no python3 with these packages: ${reasonOf(error)}` };
  }
  writeFileSync(complete, '');
  return { python };
}

/** The file names every package; nothing is compiled here. */
const exactly = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check'];

const run = (command: string, values: readonly string[]) => execute(command, values, { timeout: installMs });

/** The last line that a program wrote about its failure. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return stderr?.trim().split('\n').at(-1) || (message ?? String(error));
}
