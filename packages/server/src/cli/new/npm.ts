import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command.ts';

const otherLocks = { pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' } as const;

/** What installs packages here where it is not npm. */
export const otherInstaller = (folder: string): string | undefined =>
  Object.entries(otherLocks).find(([, lock]) => findUp(folder, lock) !== undefined)?.[0];

/** Installs what package.json names; npm tells what it does. */
export async function installPackages(folder: string): Promise<void> {
  // npm before 11.19 does not read allowScripts.
  const env = { ONNXRUNTIME_NODE_INSTALL: process.env['ONNXRUNTIME_NODE_INSTALL'] ?? 'skip' };
  const status = await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, env });
  if (status !== 0) {
    throw new CommandError(
      `"npm install" failed in ${folder}. The project is written; see the lines above, then run "npm install" there.`,
    );
  }
}

/** Formats files with the project's own formatter; returns false where it has none. */
export async function formatFiles(folder: string, paths: readonly string[]): Promise<boolean> {
  const formatter = findUp(folder, 'node_modules/.bin/oxfmt');
  return formatter !== undefined && (await run(formatter, paths, { cwd: folder, quiet: true })) === 0;
}

function findUp(folder: string, path: string): string | undefined {
  if (existsSync(join(folder, path))) return join(folder, path);
  return folder === dirname(folder) ? undefined : findUp(dirname(folder), path);
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it prints is left out, but for errors. */
  readonly quiet?: boolean;
}

async function run(
  command: string,
  words: readonly string[],
  { cwd, env, quiet = false }: RunOptions,
): Promise<number> {
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...env },
    // Standard output is for what the command itself says at its end.
    stdio: ['ignore', quiet ? 'ignore' : process.stderr, process.stderr],
    // npm and the programs of packages are scripts there.
    shell: process.platform === 'win32',
  });
  const [status] = (await once(child, 'close').catch(() => [1])) as [number | null];
  return status ?? 1;
}
