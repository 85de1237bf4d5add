import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { release } from '../foreign/own-service.ts';
import { startNpmRegistry } from '../foreign/npm-registry.ts';

const run = promisify(execFile);
const commandTimeoutMs = 240_000;
const startTimeoutMs = 60_000;

/** A folder in which projects are made by the command, with Portico's packages from a registry of this test. */
export interface Workbench extends AsyncDisposable {
  readonly folder: string;
  /** Ends with a slash. */
  readonly registry: string;
  /** Runs a program in a folder below; returns what it prints. If it fails, the message has all of that. */
  run(place: string, command: string, ...words: readonly string[]): Promise<string>;
  /** `npx @portico/server …`, as someone types it who has installed nothing. */
  portico(place: string, ...words: readonly string[]): Promise<string>;
  /** `npm start`, until the service is ready. */
  start(place: string): Promise<Service>;
  /** Another compiler than the projects', by its path. */
  readonly typescript59: string;
}

export interface Service {
  readonly url: string;
  /** Stops it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Publishes every package of the workspace, as it is built, to a registry of this test. */
export async function openWorkbench(): Promise<Workbench> {
  const registry = await startNpmRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'portico-new-'));
  const tools = await mkdtemp(join(tmpdir(), 'portico-new-tools-'));
  const environment = {
    ...process.env,
    npm_config_userconfig: join(tools, '.npmrc'),
    npm_config_prefer_offline: 'true',
  };
  const runIn = async (cwd: string, command: string, words: readonly string[]): Promise<string> => {
    try {
      const options = { cwd, env: environment, timeout: commandTimeoutMs, maxBuffer: 2 ** 26 };
      return (await run(command, words, options)).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${words.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`, { cause: error });
    }
  };
  const bench: Workbench = {
    folder,
    registry: registry.url,
    typescript59: join(tools, 'node_modules/typescript/bin/tsc'),
    run: (place, command, ...words) => runIn(join(folder, place), command, words),
    // The install script of onnxruntime-node would download libraries for GPUs.
    portico: (place, ...words) => bench.run(place, 'npx', '--ignore-scripts', '--yes', '@portico/server', ...words),
    start: (place) => startService(join(folder, place), environment),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      for (const each of [folder, tools])
        await rm(each, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  try {
    const own = join(homedir(), '.npmrc');
    const settings = existsSync(own) ? await readFile(own, 'utf8') : '';
    await writeFile(join(tools, '.npmrc'), `${settings}\n@portico:registry=${registry.url}\n`);
    await writeFile(join(tools, 'package.json'), JSON.stringify({ private: true }));
    await release(registry);
    await runIn(tools, 'npm', ['install', '--no-audit', '--no-fund', 'typescript@5.9.3']);
    return bench;
  } catch (error) {
    await bench[Symbol.asyncDispose]();
    throw error;
  }
}

async function startService(cwd: string, environment: NodeJS.ProcessEnv): Promise<Service> {
  const settings = { PORT: '0', HOST: '127.0.0.1', DRAIN_SECONDS: '0', REPLICAS: '1' };
  // A process group of its own, so that the end reaches what npm has started.
  const child = spawn('npm', ['start', '--silent'], {
    cwd,
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  let url: string | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed.push(line);
    url ??= /"port":(\d+)/.exec(line)?.[1]?.replace(/^/, 'http://127.0.0.1:');
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await Promise.race([ended, sleep(5_000)]);
  };
  for (const until = performance.now() + startTimeoutMs; performance.now() < until; await sleep(50)) {
    if (child.exitCode !== null) break;
    if (url !== undefined && (await fetch(`${url}/ready`)).ok) return { url, [Symbol.asyncDispose]: stop };
  }
  await stop();
  throw new Error(`"npm start" made no service that is ready in ${cwd}:\n${printed.join('\n')}`);
}
