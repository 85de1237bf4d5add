import type { Command, RunInput } from '../wire/messages.ts';
import { loadEngine, type LoadedEngine } from './load-engine.ts';
import type { Reporter } from './reporter.ts';
import { type EngineInput, runBatch } from './run-batch.ts';

interface QueuedBatch {
  readonly id: number;
  readonly inputs: readonly EngineInput[];
  readonly cancelled: Set<number>;
  readonly abort: AbortController;
}

/** Obeys the gateway: loads once, then runs batches one after the other in the order they came. */
export class EngineHost {
  readonly #reporter: Reporter;
  readonly #queue: QueuedBatch[] = [];
  #engine: LoadedEngine | undefined;
  #working = false;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  obey(command: Command, body: Uint8Array): void {
    switch (command.type) {
      case 'load':
        void this.#load(command);
        return;
      case 'run':
        this.#queue.push(queuedBatch(command.batch, command.inputs, body));
        if (!this.#working) void this.#work();
        return;
      case 'cancel':
        this.#cancel(new Set(command.ids));
        return;
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
    for (let batch = this.#queue[0]; batch !== undefined; batch = this.#queue[0]) {
      const wanted = batch.inputs.filter(({ id }) => !batch?.cancelled.has(id));
      if (this.#engine !== undefined && wanted.length > 0) {
        await runBatch(this.#engine, wanted, batch.abort.signal, this.#reporter);
      }
      this.#queue.shift();
      this.#reporter.send({ type: 'finished', batch: batch.id, residentBytes: process.memoryUsage.rss() });
      // Cancellations that arrived meanwhile are read before the next batch starts.
      if (this.#queue.length > 0) await new Promise((turn) => setImmediate(turn));
    }
    this.#working = false;
  }

  #cancel(ids: ReadonlySet<number>): void {
    for (const batch of this.#queue) {
      for (const { id } of batch.inputs) if (ids.has(id)) batch.cancelled.add(id);
      if (batch.inputs.every(({ id }) => batch.cancelled.has(id))) batch.abort.abort();
    }
  }
}

function queuedBatch(id: number, inputs: readonly RunInput[], body: Uint8Array): QueuedBatch {
  let start = 0;
  const cut = inputs.map(({ id, mediaType, params, byteLength }) => {
    const data = body.subarray(start, start + byteLength);
    start += byteLength;
    return { id, mediaType, params, data };
  });
  return { id, inputs: cut, cancelled: new Set(), abort: new AbortController() };
}
