import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** How long to measure, where the generated models are, and on what. */
export interface Settings {
  readonly quick: boolean;
  readonly modelFolder: string;
  /** The arguments after the name of a measurement that runs only when named. */
  readonly args: readonly string[];
}

/** Engines of a server that serves one model on a CPU, and so what is compared with them. */
export const replicas = availableParallelism();

/** Enough to keep every engine busy with one more request waiting behind each run. */
export const saturatingClients = 3 * replicas;

/** The folder of the whole repository, from wherever this file was compiled to. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  if (dirname(folder) === folder) throw new Error('There is no repository above this file.');
  return rootAbove(dirname(folder));
}
