import type { Socket } from 'node:net';
import { Failure, isFailure } from '@portico/schemas';
import type { EngineDescription, EngineInput } from '../inference.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { writeReport } from '../wire/heads.ts';
import type { Command, LoadCommand, Report } from '../wire/messages.ts';
import { isDeviceLost, isOutOfMemory } from './device-errors.ts';
import type { LoadedEngine } from './load-engine.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import type { RunnerContext, RunnerOutput } from './runner.ts';

/** How long a reading of the engine's memory is reused: it takes 4 µs, too much after each short run. */
const memoryAgeMs = 20;

/** Reports of every run. They are written together with what follows, because each write is a system call. */
const joinedTypes: ReadonlySet<Report['type']> = new Set(['began', 'result', 'failure', 'finished']);

/** Sends reports to the gateway. */
export class Reporter {
  readonly #writer: FrameWriter;

  constructor(wire: Socket) {
    this.#writer = new FrameWriter(wire);
  }

  /** Holds the reports of runs until `flush`; a body must not change until then. */
  send(report: Report, body?: Uint8Array): void {
    writeReport(this.#writer, report, body);
    if (!joinedTypes.has(report.type)) this.#writer.flush();
  }

  flush(): void {
    this.#writer.flush();
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
  readonly #wanted = new Set<number>();
  #abort = new AbortController();
  #residentBytes = 0;
  #memoryReadAt = Number.NEGATIVE_INFINITY;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  handle(command: Command): void {
    switch (command.type) {
      case 'load':
        void this.#load(command);
        return;
      case 'send':
        for (const input of command.inputs) this.#pending.set(input.id, input);
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

  async #load(command: LoadCommand): Promise<void> {
    try {
      await loadOnnxRuntime();
      // It imports ONNX Runtime, whose absence is a failure to load like any other, with words for /ready.
      const { loadEngine } = await import('./load-engine.ts');
      this.#engine = await loadEngine(command, {
        onProgress: (report) => this.#reporter.send({ type: 'progress', ...report }),
        onDownloaded: (bytes, milliseconds) => this.#reporter.send({ type: 'downloaded', bytes, milliseconds }),
        onSession: (trace) => this.#reporter.send({ type: 'session', trace }),
      });
      this.#reporter.send({ type: 'ready', ...this.#engine.description });
    } catch (error) {
      if (command.options.traces !== undefined)
        this.#reporter.send({ type: 'log', level: 'error', text: stackOf(error) });
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
    this.#reporter.flush();
  }

  async #run(engine: LoadedEngine, inputs: readonly EngineInput[]): Promise<void> {
    this.#wanted.clear();
    for (const { id } of inputs) {
      this.#pending.delete(id);
      this.#wanted.add(id);
    }
    this.#abort = new AbortController();
    this.#reporter.send({ type: 'began', ids: inputs.map(({ id }) => id) });
    // Together with the results of the previous run. Nothing can be written while ONNX Runtime runs.
    this.#reporter.flush();
    if (await runBatch(engine, inputs, this.#abort, this.#reporter)) return this.#reportFinished();
    // Nothing can run here any more. The gateway ends this process, and puts back what it had.
    this.#engine = undefined;
    this.#owesReport = false;
  }

  #reportFinished(): void {
    this.#owesReport = this.#pending.size > 0;
    const now = performance.now();
    if (now - this.#memoryReadAt > memoryAgeMs) {
      this.#residentBytes = process.memoryUsage.rss();
      this.#memoryReadAt = now;
    }
    this.#reporter.send({ type: 'finished', residentBytes: this.#residentBytes });
  }

  #cancel(id: number): void {
    this.#pending.delete(id);
    if (this.#wanted.delete(id) && this.#wanted.size === 0) this.#abort.abort();
  }
}

/** With the stack of what it was caused by: a warm-up fails with the words of the model's own error. */
const stackOf = (error: unknown): string => {
  const { cause = error } = error instanceof Error ? error : {};
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
};

/** The first pending input, and whatever else fits into its run, in the order of arrival. */
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

type RunningEngine = Pick<LoadedEngine, 'runner' | 'stopwatch'> & {
  readonly description: Pick<EngineDescription, 'device'>;
};

/**
 * Runs a batch and reports one result or failure for each input, and items on the way where they are wanted. Resolves with false
 * if the device was lost, which is reported instead.
 */
export async function runBatch(
  engine: RunningEngine,
  inputs: readonly EngineInput[],
  abort: Pick<AbortController, 'signal'>,
  reporter: Pick<Reporter, 'send' | 'flush'>,
): Promise<boolean> {
  engine.stopwatch.start();
  let outputs: readonly (RunnerOutput | Error)[];
  try {
    outputs = await engine.runner.run(inputs, new LazyRunnerContext(abort, reporter));
  } catch (error) {
    // What is thrown is never an output, even if it is not an Error.
    const thrown = error instanceof Error ? error : new Error(String(error));
    if (inputs.length > 1 && !abort.signal.aborted && !hasLostDevice(engine, thrown)) {
      // One of them is to blame; alone, only that one fails.
      for (const input of inputs) {
        if (!(await runBatch(engine, [input], abort, reporter))) return false;
        reporter.flush();
      }
      return true;
    }
    outputs = inputs.map(() => thrown);
  }
  const lost = outputs.find((output): output is Error => output instanceof Error && hasLostDevice(engine, output));
  if (lost !== undefined) {
    reporter.send({ type: 'device-lost', detail: `The device is lost: ${lost.message}` });
    return false;
  }
  const times = engine.stopwatch.read();
  for (let index = 0; index < inputs.length; index += 1) {
    const { id } = inputs[index] as EngineInput;
    const output = outputs[index] ?? new Error('The model returned no output for this input.');
    if (!(output instanceof Error)) {
      reporter.send({ type: 'result', id, times, warnings: output.warnings }, output.bytes);
      continue;
    }
    const failure = failureOf(output);
    if (failure.code === 'INTERNAL') {
      reporter.send({ type: 'log', level: 'error', text: output.stack ?? String(output) });
    }
    const { code, message: detail, issues } = failure;
    reporter.send({ type: 'failure', id, code, detail, issues, times });
  }
  return true;
}

/** The CPU is never lost, whatever an error says. */
const hasLostDevice = ({ description }: RunningEngine, error: Error): boolean =>
  description.device !== 'cpu' && isDeviceLost(error);

/** What a runner gets besides its inputs. Most runners use neither the signal nor items, so both are created when needed. */
class LazyRunnerContext implements RunnerContext {
  readonly #abort: Pick<AbortController, 'signal'>;
  readonly #reporter: Pick<Reporter, 'send'>;
  /** Items are counted anew in each run, so that after a crash the client is sent none of them twice. */
  #emitted: Map<number, number> | undefined;

  constructor(abort: Pick<AbortController, 'signal'>, reporter: Pick<Reporter, 'send'>) {
    this.#abort = abort;
    this.#reporter = reporter;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  readonly emit: RunnerContext['emit'] = ({ id, outputAs }, item) => {
    if (outputAs !== 'items') return;
    this.#emitted ??= new Map();
    const index = this.#emitted.get(id) ?? 0;
    this.#emitted.set(id, index + 1);
    this.#reporter.send({ type: 'item', id, index }, item);
  };
}

/** What an error inside a model amounts to. The message of an unexpected one stays in the log. */
export function failureOf(error: Error): Failure {
  if (isFailure(error)) return error;
  if (isOutOfMemory(error))
    return new Failure('OUT_OF_MEMORY', 'There is not enough memory for this input at the moment.');
  return new Failure('INTERNAL', 'The model failed on this input.');
}
