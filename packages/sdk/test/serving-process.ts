import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The folder of the bundled service. */
export const serverFolder = join(import.meta.dirname, '../../../apps/server');

/** A text encoder with random weights, small enough to be committed. */
export const encoder = join(import.meta.dirname, '../../../models/embed/testing/tiny-bert');

const timeoutMs = 60_000;

/** A server that a test has started. */
export interface ServingProcess extends AsyncDisposable {
  readonly url: string;
}

/** Starts a compiled program of the server's folder on a free port and waits until it is ready. It ends with the test. */
export async function startServing(program: string, environment: NodeJS.ProcessEnv): Promise<ServingProcess> {
  const module = join(serverFolder, program);
  if (!existsSync(module)) throw new Error(`${module} is missing: build the server first.`);
  const child = spawn(process.execPath, [module], {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DRAIN_SECONDS: '0',
      REPLICAS: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
    child.kill('SIGKILL');
  };
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  try {
    const listening = portOf(createInterface({ input: child.stdout }));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The server ended with ${String(code)}: ${errors}`);
    });
    const late = sleep(timeoutMs, undefined, { ref: false }).then(() => {
      throw new Error(`The server was not ready within ${timeoutMs} ms: ${errors}`);
    });
    const url = `http://127.0.0.1:${await Promise.race([listening, ended, late])}`;
    await Promise.race([untilReady(url), ended, late]);
    return { url, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program with the models that only tests serve, compiled now: what the server is built from may be newer than what is there. */
export async function compileFixtures(): Promise<string> {
  const compiler = createRequire(join(serverFolder, 'package.json')).resolve('typescript/package.json');
  await promisify(execFile)(process.execPath, [join(compiler, '../bin/tsc'), '-b', 'test'], { cwd: serverFolder });
  return 'test/dist/fixtures/server.js';
}

/** The port, from its line in the log. */
function portOf(lines: NodeJS.EventEmitter): Promise<number> {
  return new Promise((resolve) => {
    lines.on('line', (line: string) => {
      const { port } = JSON.parse(line) as { port?: number };
      if (port !== undefined) resolve(port);
    });
  });
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const { ok } = await fetch(`${url}/ready`);
    if (ok) return;
    await sleep(50);
  }
}
