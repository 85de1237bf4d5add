import type { Socket } from 'node:net';
import { Failure, isFailure } from '@portico/schemas';
import type { EngineDescription, EngineInput } from '../inference.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { Command, Report, SentInput } from '../wire/messages.ts';
import type { LoadedEngine } from './load-engine.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import type { RunnerContext } from './runner.ts';

/** Sends reports to the gateway. */
export class Reporter {
  readonly #wire: Socket;

  constructor(wire: Socket) {
    this.#wire = wire;
  }

  send(report: Report, body?: Uint8Array): void {
    const chunks = encodeFrame(report, body === undefined ? [] : [body]);
    this.#wire.write(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
  }
}

/** Carries out the gateway's commands: loads once, then runs what it is sent, as many inputs at once as the model takes. */
export class EngineHost {
  readonly #reporter: Reporter;
  /** Sent and not begun, in order. */
  readonly #pending = new Map<number, EngineInput>();
  #engine: LoadedEngine | undefined;
  #running = false;
  /** The gateway has sent something and waits for a sign of life. */
  #owesReport = false;
  /** Inputs of the run that a client still waits for. */
  #wanted = new Set<number>();
  #abort = new AbortController();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  handle(command: Command, body: Uint8Array): void {
    switch (command.type) {
      case 'load':
        void this.#load(command);
        return;
      case 'send':
        for (const input of cut(command.inputs, body)) this.#pending.set(input.id, input);
        this.#owesReport = true;
        if (!this.#running) void this.#runPending();
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
      await loadOnnxRuntime();
      // It imports ONNX Runtime, whose absence is a failure to load like any other, with words for /ready.
      const { loadEngine } = await import('./load-engine.ts');
      this.#engine = await loadEngine(command, (detail) => this.#reporter.send({ type: 'progress', detail }));
      this.#reporter.send({ type: 'ready', ...this.#engine.description });
    } catch (error) {
      this.#reporter.send({ type: 'load-failed', detail: error instanceof Error ? error.message : String(error) });
    }
  }

  async #runPending(): Promise<void> {
    this.#running = true;
    for (;;) {
      // Whatever has arrived by now is read first: inputs that fit into the same run, and cancellations.
      await new Promise((turn) => setImmediate(turn));
      if (this.#engine === undefined || this.#pending.size === 0) break;
      await this.#run(this.#engine, nextRun(this.#pending.values(), this.#engine));
    }
    this.#running = false;
    // All that was left has been cancelled.
    if (this.#owesReport) this.#reportFinished();
  }

  async #run(engine: LoadedEngine, inputs: readonly EngineInput[]): Promise<void> {
    for (const { id } of inputs) this.#pending.delete(id);
    this.#wanted = new Set(inputs.map(({ id }) => id));
    this.#abort = new AbortController();
    this.#reporter.send({ type: 'began', ids: [...this.#wanted] });
    await runBatch(engine, inputs, this.#abort.signal, this.#reporter);
    this.#reportFinished();
  }

  #reportFinished(): void {
    this.#owesReport = this.#pending.size > 0;
    this.#reporter.send({ type: 'finished', residentBytes: process.memoryUsage.rss() });
  }

  #cancel(id: number): void {
    this.#pending.delete(id);
    if (this.#wanted.delete(id) && this.#wanted.size === 0) this.#abort.abort();
  }
}

/** Divides the frame's body, in which the inputs' bytes follow each other. */
function cut(inputs: readonly SentInput[], body: Uint8Array): EngineInput[] {
  let start = 0;
  return inputs.map(({ byteLength, ...input }) => {
    const bytes = body.subarray(start, start + byteLength);
    start += byteLength;
    return { ...input, bytes };
  });
}

/** The first of what is pending, and whatever else fits into its run, in the order of arrival. */
export function nextRun(
  pending: Iterable<EngineInput>,
  {
    description: { maxBatchSize },
    maxBatchBytes,
  }: {
    readonly description: Pick<EngineDescription, 'maxBatchSize'>;
    readonly maxBatchBytes: number;
  },
): readonly EngineInput[] {
  const inputs: EngineInput[] = [];
  let bytes = 0;
  for (const input of pending) {
    if (inputs.length === maxBatchSize) break;
    if (inputs.length > 0 && bytes + input.bytes.length > maxBatchBytes) continue;
    inputs.push(input);
    bytes += input.bytes.length;
  }
  return inputs;
}

/** Runs a batch and reports one result or failure for each input, and items on the way where they are wanted. */
export async function runBatch(
  engine: Pick<LoadedEngine, 'runner' | 'stopwatch'>,
  inputs: readonly EngineInput[],
  signal: AbortSignal,
  reporter: Pick<Reporter, 'send'>,
): Promise<void> {
  engine.stopwatch.start();
  let outputs: readonly (Uint8Array | Error)[];
  try {
    outputs = await engine.runner.run(inputs, { signal, emit: itemEmitter(reporter) });
  } catch (error) {
    if (inputs.length > 1 && !signal.aborted) {
      // One of them is to blame; alone, only that one fails.
      for (const input of inputs) await runBatch(engine, [input], signal, reporter);
      return;
    }
    // What is thrown is no output, even where it is no error.
    const thrown = error instanceof Error ? error : new Error(String(error));
    outputs = inputs.map(() => thrown);
  }
  const times = engine.stopwatch.read();
  for (const [index, { id }] of inputs.entries()) {
    const output = outputs[index] ?? new Error('The model returned no output for this input.');
    if (!(output instanceof Error)) {
      reporter.send({ type: 'result', id, times }, output);
      continue;
    }
    const failure = failureOf(output);
    if (failure.code === 'INTERNAL') {
      reporter.send({ type: 'log', level: 'error', text: output.stack ?? String(output) });
    }
    const { code, message: detail, issues } = failure;
    reporter.send({ type: 'failure', id, code, detail, issues, times });
  }
}

/** Items are counted anew in each run, so that after a crash the client is sent none of them twice. */
function itemEmitter(reporter: Pick<Reporter, 'send'>): RunnerContext['emit'] {
  const emitted = new Map<number, number>();
  return ({ id, outputAs }, item) => {
    if (outputAs !== 'items') return;
    const index = emitted.get(id) ?? 0;
    emitted.set(id, index + 1);
    reporter.send({ type: 'item', id, index }, item);
  };
}

/** ONNX Runtime, CUDA and V8 have no error codes for it, only words. */
const outOfMemory = /out of memory|failed to allocate memory|bad_alloc|bad allocation|array buffer allocation failed/i;

/** What an error inside a model amounts to. The message of an unexpected one stays in the log. */
export function failureOf(error: Error): Failure {
  if (isFailure(error)) return error;
  if (outOfMemory.test(error.message))
    return new Failure('OUT_OF_MEMORY', 'There is not enough memory for this input at the moment.');
  return new Failure('INTERNAL', 'The model failed on this input.');
}
