import { createRequire } from 'node:module';
import type { EngineDescription, EngineInput, LoadReport } from '../inference.ts';
import type { Model } from '../model/define-model.ts';
import { Tensor } from '../model/tensor.ts';
import { resolveWeights } from '../weights/resolve-weights.ts';
import type { LoadCommand } from '../wire/messages.ts';
import { batchLimit } from './batch-limit.ts';
import { chooseDevice } from './choose-device.ts';
import { LoadTimes } from './load-times.ts';
import { loadModelRunner, type Runner, type RunnerModule } from './runner.ts';
import { fileOpener, sessionCreator, Stopwatch } from './sessions.ts';

/** A model that has loaded and passed its warm-up. */
export interface LoadedEngine {
  readonly runner: Runner;
  readonly stopwatch: Stopwatch;
  /** Bytes of all inputs of one run; a larger input runs alone. */
  readonly maxBatchBytes: number;
  readonly description: EngineDescription;
}

/** Device, weights, sessions, warm-up, batch limit: all that comes before the first request. */
export async function loadEngine(
  command: LoadCommand,
  onProgress: (report: LoadReport) => void,
  onDownloaded?: (bytes: number, milliseconds: number) => void,
): Promise<LoadedEngine> {
  const { options, module, variant } = command;
  const implementation = await importImplementation(command);
  const { device, index, refused } = await chooseDevice(options.device);
  const times = await LoadTimes.recall(command);
  const progress = (report: LoadReport): void => onProgress(times.complete(report));
  progress({ stage: 'verifying', detail: 'verifying weights' });
  const resolved = await resolveWeights(command.weights, {
    from: module,
    cacheDirectory: options.cacheDirectory,
    progress,
    onDownloaded,
    // What an engine writes there is a warning in the log.
    warn: (text) => process.stderr.write(`${text}\n`),
  });
  const files = Object.entries(resolved);
  const checksums = Object.fromEntries(files.map(([name, { sha256 }]) => [name, sha256]));

  progress({ stage: 'loading', detail: `loading on ${device}` });
  times.begin('loading');
  const stopwatch = new Stopwatch();
  const sessions = { device, index, threads: options.threads, stopwatch };
  const context = {
    variant,
    weights: Object.fromEntries(files.map(([name, { path }]) => [name, path])),
    device,
    createSession: sessionCreator(sessions),
    Tensor,
    openFile: fileOpener(sessions),
    maxImagePixels: options.maxImagePixels,
    maxRecordingSeconds: options.maxRecordingSeconds,
  };
  const { runner, sample, ...loaded } = await ('loadRunner' in implementation
    ? implementation.loadRunner(context)
    : loadModelRunner(implementation, command.maxBatchSize ?? 1, context));

  progress({ stage: 'warming-up', detail: 'warming up' });
  times.begin('warming-up');
  const run = (size: number): Promise<number> => warmUp(runner, sample, size);
  const warmUpMs = await run(1);
  const maxBatchSize = await batchLimit(loaded.maxBatchSize, {
    run,
    cacheDirectory: options.cacheDirectory,
    identity: [module, ...Object.values(checksums), device, options.threads],
  });
  await times.end();

  return {
    runner,
    stopwatch,
    maxBatchBytes: command.maxBatchBytes ?? Infinity,
    description: {
      device,
      deviceIndex: index,
      devicesRefused: refused,
      warmUpMs,
      maxBatchSize,
      onnxruntimeVersion: onnxruntimeVersion(),
      tensors: loaded.tensors,
      weights: checksums,
    },
  };
}

/** @throws {TypeError} when the module does not export what was registered; the message says what it should export. */
async function importImplementation({ module, task }: LoadCommand): Promise<Model | RunnerModule> {
  const { default: exported } = (await import(module)) as { default?: Partial<Model & RunnerModule> };
  if (exported?.loadRunner !== undefined) return exported as RunnerModule;
  if (exported?.load === undefined || exported.run === undefined || exported.task === undefined) {
    throw new TypeError(`${module} has no model: it needs "export default defineModel(task, { load, run, warmUp })".`);
  }
  if (task !== undefined && exported.task.name !== task) {
    throw new TypeError(`${module} implements the task "${exported.task.name}", but is registered for "${task}".`);
  }
  return exported as Model;
}

/** Milliseconds of a run that must succeed. */
async function warmUp(runner: Runner, sample: EngineInput | undefined, size: number): Promise<number> {
  if (sample === undefined) return 0;
  const startedAt = performance.now();
  const samples = Array.from({ length: size }, () => sample);
  const outputs = await runner.run(samples, { signal: new AbortController().signal, emit: () => {} });
  const failed = outputs.find((output) => output instanceof Error);
  if (failed !== undefined) throw new Error(`The warm-up failed: ${failed.message}`, { cause: failed });
  return performance.now() - startedAt;
}

function onnxruntimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
