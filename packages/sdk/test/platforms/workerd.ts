import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { samples } from '../packed/samples.ts';

const timeoutMs = 20_000;
/** The file descriptor on which workerd says where it listens. */
const controlDescriptor = 3;

/** What a worker knows about the server. */
export interface WorkerBindings {
  readonly url: string;
  readonly key: string;
}

export interface RunningWorker extends AsyncDisposable {
  readonly url: string;
}

/** Serves a bundled worker in workerd, the runtime of Cloudflare Workers, which may call this machine. */
export async function serveWorker(
  workerd: string,
  bundle: string,
  { url, key }: WorkerBindings,
): Promise<RunningWorker> {
  const folder = dirname(bundle);
  for (const sample of ['page.jpg', 'astronaut.png', 'speech.flac'])
    await copyFile(join(samples, sample), join(folder, sample));
  const configuration = join(folder, 'worker.capnp');
  await writeFile(
    configuration,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  bindings = [
    (name = "url", text = ${JSON.stringify(url)}),
    (name = "key", text = ${JSON.stringify(key)}),
    (name = "page", data = embed "page.jpg"),
    (name = "portrait", data = embed "astronaut.png"),
    (name = "speech", data = embed "speech.flac"),
  ],
  compatibilityDate = "2026-01-01",
);
`,
  );
  const child = spawn(workerd, ['serve', configuration, `--control-fd=${controlDescriptor}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const late = sleep(timeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`workerd did not listen: ${errors}`);
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`workerd ended with ${String(code)}: ${errors}`);
  });
  for (const failed of [late, ended]) failed.catch(() => {});
  try {
    const port = await Promise.race([portOf(child.stdio[controlDescriptor] as Readable), late, ended]);
    return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function portOf(control: Readable): Promise<number> {
  return new Promise((resolve) => {
    createInterface({ input: control }).on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port?: number };
      if (event === 'listen' && port !== undefined) resolve(port);
    });
  });
}
