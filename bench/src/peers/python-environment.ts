import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../settings.ts';

/** A Python with the packages of a requirements file, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

/** The oldest version that the pinned onnxruntime has a build for. */
const minMinorVersion = 11;
const versionProgram = 'import sys; print(*sys.version_info[:2])';
const installMs = 600_000;
const execute = promisify(execFile);

/** Creates a virtual environment with exactly these packages under `node_modules/.cache`, once for each requirements. */
export async function pythonEnvironment(requirementsPath: string): Promise<PythonEnvironment> {
  const system = await findPython();
  if (system === undefined) return { missing: `there is no Python 3.${minMinorVersion} or later` };
  const identity = `${system.version}\n${readFileSync(requirementsPath, 'utf8')}`;
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const folder = join(repositoryRoot, 'node_modules', '.cache', 'portico-bench', `python-${key}`);
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  // Written last: what was interrupted is begun again.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { python };
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await run(system.command, ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...exactly, '--requirement', requirementsPath]);
  } catch (error) {
    return { missing: `its Python packages could not be installed: ${reasonOf(error)}` };
  }
  writeFileSync(complete, '');
  return { python };
}

/** The file names every package; nothing is compiled here. */
const exactly = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check'];

const run = (command: string, values: readonly string[]) => execute(command, values, { timeout: installMs });

async function findPython(): Promise<{ command: string; version: string } | undefined> {
  for (const command of ['python3', 'python']) {
    const version = await run(command, ['-c', versionProgram]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
    const [major = 0, minor = 0] = version.split(' ').map(Number);
    if (major === 3 && minor >= minMinorVersion) return { command, version };
  }
  return undefined;
}

/** The last line that a program wrote about its failure. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return stderr?.trim().split('\n').at(-1) || (message ?? String(error));
}
