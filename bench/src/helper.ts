import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endProcess } from './end-process.ts';

export interface HelperOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** In a session of its own, as engines are: Linux may share the cores out between sessions first. */
  readonly detached?: boolean;
}

/** A process that answers one message at a time. */
export class Helper implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(module: URL, { environment = {}, detached = false }: HelperOptions = {}) {
    this.#child = fork(fileURLToPath(module), { env: { ...process.env, ...environment }, detached });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the process's next message; rejects when it ends instead. */
  async ask<Reply>(message: object): Promise<Reply> {
    const stop = new AbortController();
    const ended = once(this.#child, 'exit', { signal: stop.signal }).then(([code, signal]) => {
      throw new Error(`${this.#child.spawnargs[1]} ended with ${String(code ?? signal)}.`);
    });
    // Called off below, when the answer has come.
    ended.catch(() => {});
    try {
      const answered = once(this.#child, 'message', { signal: stop.signal });
      answered.catch(() => {});
      this.#child.send(message);
      const [reply] = (await Promise.race([answered, ended])) as [Reply];
      return reply;
    } finally {
      stop.abort();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return endProcess(this.#child);
  }
}
