import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const patienceMilliseconds = 60_000;

/** What a program found out, by the name of what it tried. */
export type Report = Readonly<Record<string, unknown>>;

/** Runs a program, which prints its report as JSON. */
export async function reportOf(command: string, words: readonly string[], cwd?: string): Promise<Report> {
  const { stdout } = await run(command, words, { cwd, timeout: patienceMilliseconds, killSignal: 'SIGKILL' });
  return JSON.parse(stdout) as Report;
}
