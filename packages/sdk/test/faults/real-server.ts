import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { encoder, serverFolder } from './samples.ts';

export interface RealServer extends AsyncDisposable {
  readonly url: string;
  /** The sum over the series of a metric that carry these labels; 0 when there is none yet. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

const patienceMilliseconds = 60_000;

/** Starts the server with real engines, and with the models that only tests serve; `doubling` is asked with tensors. */
export async function startRealServer(models: readonly string[]): Promise<RealServer> {
  const compiler = createRequire(join(serverFolder, 'package.json')).resolve('typescript/package.json');
  // What the server is built from may be newer than what is there.
  await promisify(execFile)(process.execPath, [join(compiler, '../bin/tsc'), '-b', 'test'], { cwd: serverFolder });
  const repository = await mkdtemp(join(tmpdir(), 'portico-sdk-models-'));
  const files = (await import(join(serverFolder, 'test/dist/onnx/models.js'))) as { doubling(): Uint8Array };
  await writeFile(join(repository, 'doubling.onnx'), files.doubling());
  const child = spawn(process.execPath, [join(serverFolder, 'test/dist/fixtures/server.js')], {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DRAIN_SECONDS: '0',
      REPLICAS: '1',
      MODEL_NAME: models.join(','),
      MODEL_REPOSITORY: repository,
      EMBED_WEIGHTS: encoder,
      MODEL_CACHE_DIR: join(tmpdir(), 'portico-fixtures', 'cache'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressIn(child.stdout);
  const until = performance.now() + patienceMilliseconds;
  while (!(await fetch(`${url}/ready`)).ok) {
    if (performance.now() > until) throw new Error('The server did not become ready.');
    await sleep(50);
  }
  return {
    url,
    metric: async (name, labels = {}) => metricIn(await (await fetch(`${url}/metrics`)).text(), name, labels),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await rm(repository, { recursive: true });
    },
  };
}

/** Where the server listens, as its log says; the rest of the log is read and let go. */
function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      const { port } = JSON.parse(line) as { port?: number };
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    lines.on('close', () => reject(new Error('The server ended before it listened.')));
  });
}

function metricIn(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => /^[^ {]+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
