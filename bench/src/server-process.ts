import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ModelDescription, ReadyStatus } from '@portico/schemas';
import { endProcess } from './helper.ts';
import { modelFolderVariable } from './models/tasks.ts';

const readyTimeoutMs = 60_000;
const pollMs = 20;

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** It has a channel for messages if the options ask for one. */
  readonly child: ChildProcess;
  /** Waits for all replicas of all models. */
  ready(): Promise<void>;
  models(): Promise<readonly ModelDescription[]>;
}

export interface ServerOptions {
  /** `MODEL_NAME`. */
  readonly models: string;
  readonly modelFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A module to start instead of the server as it is built here. */
  readonly main?: URL;
  /** Flags of Node for the gateway. */
  readonly nodeFlags?: readonly string[];
  readonly channel?: boolean;
}

/** The server as shipped, or the bench's own for the models that only the bench serves. */
const mainFor = (models: string): URL =>
  ['', 'ocr', 'embed'].includes(models)
    ? new URL(import.meta.resolve('@portico/service/main'))
    : new URL('./server.js', import.meta.url);

/** Starts the built server as it is by default: information is logged, and the log goes nowhere. */
export async function startServer({
  models,
  modelFolder,
  environment,
  main = mainFor(models),
  nodeFlags = [],
  channel = false,
}: ServerOptions): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(main)], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      MODEL_NAME: models,
      MODEL_CACHE_DIR: modelFolder,
      DRAIN_SECONDS: '0',
      [modelFolderVariable]: modelFolder,
      ENGINE_ENV: modelFolderVariable,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe', ...(channel ? (['ipc'] as const) : [])],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return {
    url,
    port,
    child,
    pid: child.pid ?? 0,
    ready: async () => {
      const until = performance.now() + readyTimeoutMs;
      while (!(await allReady(url))) {
        if (child.exitCode !== null) throw new Error(`The server exited with ${child.exitCode}: ${errors}`);
        if (performance.now() > until) throw new Error(`The server is not ready: ${errors}`);
        await sleep(pollMs);
      }
    },
    models: async () => {
      const { models } = (await (await fetch(`${url}/models`)).json()) as { models: ModelDescription[] };
      return models;
    },
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

async function allReady(url: string): Promise<boolean> {
  try {
    const status = (await (await fetch(`${url}/ready`)).json()) as ReadyStatus;
    return status.status === 'ready' && status.models.every(({ replicas }) => replicas.ready === replicas.target);
  } catch {
    // It does not listen yet.
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
