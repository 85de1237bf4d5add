import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkAnswersOf } from './answers.ts';

/** One line of the server's log. */
export type LogLine = Record<string, unknown>;

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly log: readonly LogLine[];
  /** What it has written to standard error so far. */
  errors(): string;
  /** Waits until `/ready` answers 200. */
  ready(): Promise<void>;
  /** Waits for a line of the log; it may have been written already. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Process ids of the engines that are alive. */
  engines(): Promise<number[]>;
}

const fixtureServer = fileURLToPath(new URL('../dist/fixtures/server.js', import.meta.url));
const defaultTimeoutMs = 20_000;
/** A start compiles, and loads models, which a busy machine takes its time for. */
const startTimeoutMs = 55_000;

/**
 * Starts the built server with the fixture models, or another `main` module, on a free port, and ends it with the test.
 * With a `launcher`, that command starts it.
 */
export async function startServer(
  environment: NodeJS.ProcessEnv = {},
  launcher: readonly string[] = [],
  main = fixtureServer,
): Promise<ServerProcess> {
  const [command, ...words] = [...launcher, process.execPath, main];
  const child = spawn(command, words, {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'debug',
      DRAIN_SECONDS: '0',
      REPLICAS: '1',
      MODEL_CACHE_DIR: join(tmpdir(), 'portico-fixtures', 'cache'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(JSON.parse(line) as LogLine));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));

  const logged = (matches: (line: LogLine) => boolean, milliseconds?: number): Promise<LogLine> =>
    eventually(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${errors}`);
      return log.find(matches);
    }, milliseconds);
  const listens = (line: LogLine): boolean => typeof line['port'] === 'number' || 'socket' in line;
  const { port } = (await logged(listens, startTimeoutMs).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  })) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  if (port !== undefined) await checkAnswersOf(url, { key: environment['API_KEYS']?.split(',', 1)[0] });

  return {
    url,
    port,
    child,
    log,
    errors: () => errors,
    logged,
    ready: async () => {
      await eventually(async () => ((await fetch(`${url}/ready`)).ok ? true : undefined), startTimeoutMs);
    },
    engines: () => enginesOf(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(5_000)]);
      child.kill('SIGKILL');
    },
  };
}

/** Tries until there is a value. */
export async function eventually<Value>(
  attempt: () => Promise<Value | undefined>,
  milliseconds = defaultTimeoutMs,
): Promise<Value> {
  const until = performance.now() + milliseconds;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (performance.now() > until) throw new Error(`nothing came within ${milliseconds} ms`);
    await sleep(20);
  }
}

/** Process ids of the engines of the server with this process id that are alive. */
export async function enginesOf(parent: number): Promise<number[]> {
  const { readdir, readFile } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const [status, command] = await Promise.all([
          readFile(`/proc/${pid}/status`, 'utf8'),
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
        ]);
        const isEngine = command.includes('/engine/main') && new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status);
        return isEngine && !/^State:\s+Z/m.test(status) ? [Number(pid)] : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    }),
  );
  return found.flat();
}
