import { createRequire } from 'node:module';
import type { Model } from '../model/model.ts';
import type { LoadedProgram, Program, ProgramInput, ProgramLoadContext, ProgramModule } from '../model/program.ts';
import { resolveWeights } from '../weights/resolve-weights.ts';
import type { EngineDescription } from '../inference.ts';
import { signatureOf } from '../tensors/signature.ts';
import type { Command } from '../wire/messages.ts';
import { batchLimit } from './batch-limit.ts';
import { chooseDevice } from './device/choose-device.ts';
import { sessionCreator, sessionOpener } from './create-session.ts';
import { Stopwatch } from './stopwatch.ts';
import { loadTask } from './task-program.ts';

/** A model that has loaded and passed its warm-up. */
export interface LoadedEngine {
  readonly program: Program;
  readonly stopwatch: Stopwatch;
  readonly description: EngineDescription;
}

type LoadCommand = Extract<Command, { type: 'load' }>;

/** Device, weights, sessions, warm-up, batch limit: all that comes before the first request. */
export async function loadEngine(command: LoadCommand, progress: (detail: string) => void): Promise<LoadedEngine> {
  const { options, module, variant } = command;
  const { default: exported } = (await import(module)) as { default: Model | ProgramModule };
  const { device, index, refused } = await chooseDevice(options.device);
  progress('verifying weights');
  const resolved = await resolveWeights(command.weights, {
    from: module,
    cacheDirectory: options.cacheDirectory,
    progress,
    // What an engine writes there stands in the log as a warning.
    warn: (text) => process.stderr.write(`${text}\n`),
  });
  const files = Object.entries(resolved);
  const checksums = Object.fromEntries(files.map(([name, { sha256 }]) => [name, sha256]));

  progress(`loading on ${device}`);
  const stopwatch = new Stopwatch();
  const sessions = { device, index, threads: options.threads, stopwatch };
  const { program, sample, ...loaded } = await loadProgram(exported, {
    variant,
    weights: Object.fromEntries(files.map(([name, { path }]) => [name, path])),
    device,
    createSession: sessionCreator(sessions),
    openSession: sessionOpener(sessions),
    maxImagePixels: options.maxImagePixels,
  });

  progress('warming up');
  const run = (size: number): Promise<number> => warmUp(program, sample, size);
  const warmUpMs = await run(1);
  const maxBatchSize = await batchLimit(loaded.maxBatch, {
    run,
    cacheDirectory: options.cacheDirectory,
    identity: [module, ...Object.values(checksums), device, options.threads],
  });

  return {
    program,
    stopwatch,
    description: {
      device,
      deviceIndex: index,
      devicesRefused: refused,
      warmUpMs,
      maxBatchSize,
      onnxruntimeVersion: onnxruntimeVersion(),
      tensors: loaded.tensors && signatureOf(loaded.tensors),
      weights: checksums,
    },
  };
}

async function loadProgram(exported: Model | ProgramModule, context: ProgramLoadContext): Promise<LoadedProgram> {
  if ('loadProgram' in exported) return exported.loadProgram(context);
  return loadTask(exported, await exported.load(context));
}

/** Milliseconds of a run that must succeed. */
async function warmUp(program: Program, sample: ProgramInput | undefined, size: number): Promise<number> {
  if (sample === undefined) return 0;
  const startedAt = performance.now();
  const samples = Array.from({ length: size }, () => sample);
  const answers = await program.run(samples, { signal: new AbortController().signal, emit: () => {} });
  const failed = answers.find((answer) => answer instanceof Error);
  if (failed !== undefined) throw new Error(`The warm-up failed: ${failed.message}`, { cause: failed });
  return performance.now() - startedAt;
}

function onnxruntimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
