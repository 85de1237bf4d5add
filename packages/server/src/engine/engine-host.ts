import type { Command, SentInput } from '../wire/messages.ts';
import { loadEngine, type LoadedEngine } from './load-engine.ts';
import type { Reporter } from './reporter.ts';
import type { ProgramInput } from '../model/program.ts';
import { runBatch } from './run-batch.ts';

/** Obeys the gateway: loads once, then runs what it is sent, as many inputs at once as the model takes. */
export class EngineHost {
  readonly #reporter: Reporter;
  /** Sent and not begun, in order. */
  readonly #waiting = new Map<number, ProgramInput>();
  #engine: LoadedEngine | undefined;
  #working = false;
  /** The gateway has sent something and waits for a sign of life. */
  #awaited = false;
  /** Inputs of the run that somebody still waits for. */
  #wanted = new Set<number>();
  #abort = new AbortController();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  obey(command: Command, body: Uint8Array): void {
    switch (command.type) {
      case 'load':
        void this.#load(command);
        return;
      case 'send':
        for (const input of cut(command.inputs, body)) this.#waiting.set(input.id, input);
        this.#awaited = true;
        if (!this.#working) void this.#work();
        return;
      case 'cancel':
        for (const id of command.ids) this.#cancel(id);
        return;
      default:
        throw new Error(`unknown command ${JSON.stringify(command)}`);
    }
  }

  async #load(command: Extract<Command, { type: 'load' }>): Promise<void> {
    try {
      this.#engine = await loadEngine(command, (detail) => this.#reporter.send({ type: 'progress', detail }));
      this.#reporter.send({ type: 'ready', ...this.#engine.description });
    } catch (error) {
      this.#reporter.send({ type: 'load-failed', detail: error instanceof Error ? error.message : String(error) });
    }
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (;;) {
      // Whatever has arrived by now is read first: inputs that fit into the same run, and cancellations.
      await new Promise((turn) => setImmediate(turn));
      if (this.#engine === undefined || this.#waiting.size === 0) break;
      await this.#run(this.#engine, [...this.#waiting.values()].slice(0, this.#engine.description.maxBatchSize));
    }
    this.#working = false;
    // All that was left has been cancelled.
    if (this.#awaited) this.#reportFinished();
  }

  async #run(engine: LoadedEngine, inputs: readonly ProgramInput[]): Promise<void> {
    for (const { id } of inputs) this.#waiting.delete(id);
    this.#wanted = new Set(inputs.map(({ id }) => id));
    this.#abort = new AbortController();
    this.#reporter.send({ type: 'began', ids: [...this.#wanted] });
    await runBatch(engine, inputs, this.#abort.signal, this.#reporter);
    this.#reportFinished();
  }

  #reportFinished(): void {
    this.#awaited = this.#waiting.size > 0;
    this.#reporter.send({ type: 'finished', residentBytes: process.memoryUsage.rss() });
  }

  #cancel(id: number): void {
    this.#waiting.delete(id);
    if (this.#wanted.delete(id) && this.#wanted.size === 0) this.#abort.abort();
  }
}

function cut(inputs: readonly SentInput[], body: Uint8Array): ProgramInput[] {
  let start = 0;
  return inputs.map(({ byteLength, outputAs, ...input }) => {
    const data = body.subarray(start, start + byteLength);
    start += byteLength;
    return { ...input, data, answerAs: outputAs };
  });
}
