import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the whole repository, from wherever this file was compiled to. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  if (dirname(folder) === folder) throw new Error('There is no repository above this file.');
  return rootAbove(dirname(folder));
}
