import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A Python with packages and a folder for what it makes, or why there is none. */
export type Python = { readonly command: string; readonly folder: string } | { readonly missing: string };

const run = promisify(execFile);
const installMs = 600_000;

/** A file of requirements in this folder, and what has to be free on the disk for them and for everything else. */
interface Environment {
  readonly file: string;
  readonly neededGibibytes: number;
}

/** Seven are torch for GPUs. */
export const frameworks: Environment = { file: 'requirements.txt', neededGibibytes: 16 };
export const tables: Environment = { file: 'requirements-tables.txt', neededGibibytes: 4 };

/** Makes a virtual environment in the user's cache, once for each requirements. */
export async function findPython({ file, neededGibibytes }: Environment): Promise<Python> {
  const requirements = join(import.meta.dirname, file);
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'portico-verify', `frameworks-${key}`);
  const command = join(folder, 'venv', 'bin', 'python');
  // Written last: what was interrupted is begun again.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { command, folder };
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = Math.floor((bavail * bsize) / 1024 ** 3);
    if (free < neededGibibytes) return { missing: `it needs ${neededGibibytes} GiB of disk, and ${free} are free` };
    await run('python3', ['-m', 'venv', join(folder, 'venv')], { timeout: installMs });
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-cache-dir',
      '--only-binary',
      ':all:',
      '--requirement',
      requirements,
    ];
    await run(command, install, { timeout: installMs });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    return { missing: stderr.trim().split('\n').at(-1) || message };
  }
  await writeFile(complete, '');
  return { command, folder };
}
