import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from '@portico/measure/server-usage';
import type { Generator } from '../../blocks/generator.ts';
import type { SocketRequest } from '../../requests.ts';
import { freePort } from '../../server-process.ts';

/** How to start a server; its port is added to the environment as `PORT`. */
export interface PeerCommand {
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

export interface PeerProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Waits for a response of status 200 to this request. */
  waitUntilReady(generator: Generator, request: SocketRequest): Promise<void>;
}

const readyTimeoutMs = 90_000;
const terminationMs = 5_000;
const pollMs = 200;
const keptOutputBytes = 4_000;

/** Starts another server, which may consist of many processes. */
export async function startPeer({ command, args, environment, folder }: PeerCommand): Promise<PeerProcess> {
  const port = await freePort();
  const child = spawn(command, args(port), {
    env: { ...process.env, ...environment, PORT: String(port) },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-keptOutputBytes)));
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const { pid = 0 } = child;
  return {
    port,
    pid,
    async waitUntilReady(generator, { messages }) {
      const until = performance.now() + readyTimeoutMs;
      for (;;) {
        if (failure !== undefined) throw failure;
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${lastLine(output)}`);
        const { good, outcomes } = await generator.run({ port, messages, connections: 1, seconds: 0.01 });
        if (good > 0) return;
        if (performance.now() > until)
          throw new Error(`it does not answer: ${JSON.stringify(outcomes)}: ${lastLine(output)}`);
        await sleep(pollMs);
      }
    },
    async [Symbol.asyncDispose]() {
      if (pid === 0) return;
      // Some servers leave processes behind when they are terminated.
      const tree = await processTree(pid);
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await Promise.race([ended, sleep(terminationMs)]);
      for (const one of tree) kill(one);
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The last line that says something. */
const lastLine = (output: string): string =>
  output
    .split('\n')
    .findLast((line) => /\w{3}/.test(line))
    ?.trim() ?? '';
