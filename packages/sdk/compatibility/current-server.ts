import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(import.meta.dirname, '../../../apps/server/dist/main.js');
const patienceMilliseconds = 60_000;

/** The built server of this tree. */
export interface CurrentServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts the server with these models on a free port; it is ready when this resolves. */
export async function startCurrentServer(models: string): Promise<CurrentServer> {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      MODEL_NAME: models,
      LOG_LEVEL: 'info',
      DEVICE: 'cpu',
      REPLICAS: '1',
      DRAIN_SECONDS: '0',
      MODEL_CACHE_DIR: join(tmpdir(), 'portico-compatibility'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
    child.kill('SIGKILL');
  };
  const port = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { port } = JSON.parse(line) as { port?: number };
      if (typeof port === 'number') resolve(port);
    });
  });
  const gone = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`The server ended with ${String(code)}: ${errors}`);
  });
  // Nobody waits for it once the server is ready.
  gone.catch(() => {});
  try {
    const url = `http://127.0.0.1:${await Promise.race([port, gone])}`;
    await Promise.race([readyAt(url), gone]);
    return { url, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyAt(url: string): Promise<void> {
  const until = performance.now() + patienceMilliseconds;
  while (!(await fetch(`${url}/ready`)).ok) {
    if (performance.now() > until) throw new Error(`The server was not ready within ${patienceMilliseconds} ms.`);
    await sleep(50);
  }
}
