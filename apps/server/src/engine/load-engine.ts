import { createRequire } from 'node:module';
import { Failure } from '@portico/schemas';
import type { z } from 'zod';
import type { LoadedModel, Model } from '../models/model.ts';
import { resolveWeights } from '../models/weights/resolve-weights.ts';
import type { Command, EngineDescription } from '../wire/messages.ts';
import { batchLimit } from './batch-limit.ts';
import { chooseDevice } from './device/choose-device.ts';
import { sessionCreator } from './create-session.ts';
import { Stopwatch } from './stopwatch.ts';

/** A model that has loaded and passed its warm-up. */
export interface LoadedEngine {
  readonly model: LoadedModel;
  readonly outputSchema: z.ZodType;
  readonly stopwatch: Stopwatch;
  readonly description: EngineDescription;
}

type LoadCommand = Extract<Command, { type: 'load' }>;

/** Device, weights, sessions, warm-up, batch limit: all that comes before the first request. */
export async function loadEngine(command: LoadCommand, progress: (detail: string) => void): Promise<LoadedEngine> {
  const { options, variant } = command;
  const { default: model } = (await import(command.module)) as { default: Model };
  const chosen = await chooseDevice(options.device);
  progress('verifying weights');
  const resolved = await resolveWeights(command.weights, {
    cacheDirectory: options.cacheDirectory,
    progress,
    // What an engine writes there stands in the log as a warning.
    warn: (text) => process.stderr.write(`${text}\n`),
  });
  const files = Object.entries(resolved);
  const checksums = Object.fromEntries(files.map(([name, { sha256 }]) => [name, sha256]));

  progress(`loading on ${chosen.device}`);
  const stopwatch = new Stopwatch();
  const loaded = await model.load({
    variant,
    weights: Object.fromEntries(files.map(([name, { path }]) => [name, path])),
    device: chosen.device,
    createSession: sessionCreator({ device: chosen.device, index: chosen.index, threads: options.threads, stopwatch }),
    maxImagePixels: options.maxImagePixels,
  });

  progress('warming up');
  const sample = await model.warmUp();
  const warmUpMilliseconds = await warmUp(loaded, sample);
  const maxBatch = await batchLimit(model.settings.maxBatch ?? 1, {
    run: (size) => warmUp(loaded, ...Array.from({ length: size }, () => sample)),
    cacheDirectory: options.cacheDirectory,
    identity: [model.task.name, ...Object.values(checksums), chosen.device, options.threads],
  });

  return {
    model: loaded,
    outputSchema: model.task.output,
    stopwatch,
    description: {
      device: chosen.device,
      deviceIndex: chosen.index,
      devicesRefused: chosen.refused,
      warmUpMilliseconds,
      maxBatch,
      onnxruntimeVersion: onnxruntimeVersion(),
      weights: checksums,
    },
  };
}

/** Milliseconds of a run that must succeed. */
async function warmUp(model: LoadedModel, ...samples: Parameters<LoadedModel['run']>[0]): Promise<number> {
  const startedAt = performance.now();
  const outputs = await model.run(samples, { signal: new AbortController().signal });
  const failed = outputs.find((output) => output instanceof Failure);
  if (failed instanceof Failure) throw new Error(`The warm-up failed: ${failed.message}`);
  return performance.now() - startedAt;
}

function onnxruntimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
