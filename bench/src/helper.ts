import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const terminationTimeoutMs = 5_000;

export interface HelperOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** In a session of its own, as engines are: Linux may share the cores out between sessions first. */
  readonly detached?: boolean;
}

/** A process that replies to one message at a time. */
export class Helper implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(module: URL, { environment = {}, detached = false }: HelperOptions = {}) {
    this.#child = fork(fileURLToPath(module), {
      env: { ...process.env, ...environment },
      detached,
      // Messages may hold bytes.
      serialization: 'advanced',
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the process's next message; rejects when it ends instead. */
  async request<Reply>(message: object): Promise<Reply> {
    const stop = new AbortController();
    const ended = once(this.#child, 'exit', { signal: stop.signal }).then(([code, signal]) => {
      throw new Error(`${this.#child.spawnargs[1]} ended with ${String(code ?? signal)}.`);
    });
    // Aborted below, once there is a reply.
    ended.catch(() => {});
    try {
      const replied = once(this.#child, 'message', { signal: stop.signal });
      replied.catch(() => {});
      this.#child.send(message);
      const [reply] = (await Promise.race([replied, ended])) as [Reply];
      return reply;
    } finally {
      stop.abort();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return endProcess(this.#child);
  }
}

/** Terminates a process, and kills it if it has not exited after a while. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(terminationTimeoutMs, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await ended;
}
