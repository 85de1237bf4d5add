import { type ChildProcess, spawn } from 'node:child_process';
import { onStopSignal } from '../../signals.ts';
import type { Project } from '../project.ts';
import { watchFiles } from '../watch-files.ts';

/**
 * Runs this command line without `--watch` now and whenever a file of the project changes, each time in a new process, in which no module
 * is left from before. Runs until a stop signal.
 */
export function runOnChange({ folder }: Project): Promise<void> {
  const args = process.argv.slice(1).filter((word) => word !== '--watch' && word !== '-w');
  let child: ChildProcess | undefined;
  const run = (): void => {
    // A trial of what has changed meanwhile tells nothing.
    child?.kill('SIGKILL');
    child = spawn(process.execPath, args, { stdio: 'inherit' });
  };
  run();
  const stop = watchFiles(folder, () => {
    process.stderr.write('\n');
    run();
  });
  return new Promise((resolve) =>
    onStopSignal(() => {
      stop();
      child?.kill('SIGKILL');
      resolve();
    }),
  );
}
