import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const timeoutMs = 60_000;

/** The results of a program, by name. */
export type Report = Readonly<Record<string, unknown>>;

export interface ReportOptions {
  readonly folder?: string;
  /** What the program's environment has besides this one's. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a program, which prints its report as JSON. */
export async function reportOf(
  command: string,
  words: readonly string[],
  { folder, environment }: ReportOptions = {},
): Promise<Report> {
  const { stdout } = await run(command, words, {
    cwd: folder,
    env: { ...process.env, ...environment },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  return JSON.parse(stdout) as Report;
}
