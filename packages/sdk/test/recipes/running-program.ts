import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const timeoutMs = 60_000;

/** A program that serves something, until the test ends. */
export interface RunningProgram extends AsyncDisposable {
  readonly url: string;
  /** What it has printed so far. */
  readonly printed: () => string;
}

interface ProgramOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Finds the port in what the program prints. */
  readonly port: RegExp;
}

/** Starts a Node program and waits until it prints its port. */
export async function startProgram(words: readonly string[], options: ProgramOptions): Promise<RunningProgram> {
  const child = spawn(process.execPath, words, {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const stop = (): Promise<void> => end(child);
  try {
    const port = await new Promise<string>((resolve, reject) => {
      const onOutput = (chunk: Buffer): void => {
        printed += chunk.toString();
        const [, found] = options.port.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', onOutput);
      child.stderr.on('data', onOutput);
      child.once('exit', (code) => reject(new Error(`The program ended with ${String(code)}: ${printed}`)));
      setTimeout(() => reject(new Error(`The program printed no port: ${printed}`)), timeoutMs).unref();
    });
    return { url: `http://127.0.0.1:${port}`, printed: () => printed, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  child.kill('SIGKILL');
}
