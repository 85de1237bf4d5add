import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endProcess } from '../end-process.ts';

/** So long may a program take over one line: it reads one image, or loads its models. */
const patienceMs = 120_000;

/** A program that takes commands and gives answers as lines of JSON. */
export class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, values: readonly string[], environment: NodeJS.ProcessEnv) {
    const child = spawn(command, values, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // Its end shows as the end of its lines.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  send(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Resolves with the next line's value; rejects when the program ends instead or takes too long. */
  async next(): Promise<unknown> {
    const tooLate = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    try {
      const line = await this.#lines.next();
      if (line.done !== true) return JSON.parse(line.value) as unknown;
      if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
        await once(this.#child, 'exit');
      throw new Error(
        `${this.#child.spawnfile} ended with ${this.#child.exitCode ?? this.#child.signalCode ?? 'no start'}.`,
      );
    } finally {
      clearTimeout(tooLate);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined) await endProcess(this.#child);
  }
}
