import { constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, open, readFile } from 'node:fs/promises';
import { constants as osConstants } from 'node:os';
import { dirname, join } from 'node:path';
import { catchStopSignals, onStopSignal, releaseStopSignals } from '../../signals.ts';
import { CommandError } from '../command.ts';
import type { WeightsCopy } from './place-weights.ts';

/**
 * Writes texts and weights, all or nothing: where it fails or the process ends before, everything is again as it was. A file is replaced only
 * if it was there before, as a list is that a model is added to.
 * @param files by absolute path
 * @param root the folder that paths of weights start from
 * @throws {CommandError} where a file cannot be written.
 */
export async function writeAll(
  files: ReadonlyMap<string, string | Uint8Array>,
  weights: readonly WeightsCopy[],
  root: string,
): Promise<void> {
  const steps: (() => void)[] = [];
  const undo = (): void => {
    for (const step of steps.splice(0).toReversed()) step();
  };
  const makeFolderOf = async (path: string): Promise<void> => {
    const first = await mkdir(dirname(path), { recursive: true });
    if (first !== undefined) steps.push(() => rmSync(first, { recursive: true, force: true }));
  };
  process.once('exit', undo);
  catchStopSignals();
  onStopSignal((signal) => process.exit(128 + osConstants.signals[signal]));
  try {
    for (const { source, path } of weights) {
      await makeFolderOf(join(root, path));
      await copyFile(source, join(root, path), constants.COPYFILE_EXCL);
    }
    for (const [path, content] of files) {
      await makeFolderOf(path);
      const before = existsSync(path) ? await readFile(path) : undefined;
      const file = await open(path, before === undefined ? 'wx' : 'w');
      steps.push(() => (before === undefined ? rmSync(path, { force: true }) : writeFileSync(path, before)));
      try {
        await file.writeFile(content);
      } finally {
        await file.close();
      }
    }
  } catch (error) {
    undo();
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new CommandError(
      `Nothing has been written: ${error.message}. Use another folder, or make this one writable.`,
      {
        cause: error,
      },
    );
  } finally {
    process.off('exit', undo);
    releaseStopSignals();
  }
}
