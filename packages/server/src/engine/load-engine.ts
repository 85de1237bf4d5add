import { createRequire } from 'node:module';
import type { RefusedDevice } from '@portico/schemas';
import type { EngineDescription, EngineInput, LoadReport, SessionTrace } from '../inference.ts';
import type { Model } from '../model/define-model.ts';
import { Tensor } from '../model/tensor.ts';
import { resolveWeights } from '../weights/resolve-weights.ts';
import type { VerifiedFile } from '../weights/weights-file.ts';
import type { LoadCommand } from '../wire/messages.ts';
import { authorError, isDefect } from './author-errors.ts';
import { batchLimit } from './batch-limit.ts';
import { chooseDevice, type ChosenDevice, type DeviceProbes, realProbes } from './choose-device.ts';
import { deviceCheckOf, DeviceChecker, type LoadOnCpu } from './device-check.ts';
import { importImplementation } from './import-implementation.ts';
import { LoadTimes } from './load-times.ts';
import { mayShareRuns } from './row-trial.ts';
import { loadModelRunner, type Runner, type RunnerModule, type RunnerOutput } from './runner.ts';
import { fileOpener, openSession, runOfSession, sessionCreator, Stopwatch } from './sessions.ts';

/** A model that has loaded and passed its warm-up. */
export interface LoadedEngine {
  readonly runner: Runner;
  readonly stopwatch: Stopwatch;
  /** Bytes of all inputs of one run; a larger input runs alone. */
  readonly maxBatchBytes: number;
  readonly description: EngineDescription;
}

/** The machine that models run on; tests bring their own. */
export interface Machine extends DeviceProbes {
  openSession: typeof openSession;
}

interface Load {
  readonly command: LoadCommand;
  readonly implementation: Model | RunnerModule;
  readonly weights: Readonly<Record<string, VerifiedFile>>;
  readonly times: LoadTimes;
  readonly progress: (report: LoadReport) => void;
  readonly onSession: LoadListener['onSession'];
  readonly machine: Machine;
}

/** What a load may spend on finding out how inputs share runs. */
const trialsMs = 2_000;
/** Of it, what is left for measuring how many of them a run should have. */
const minMeasuringMs = 500;
const maxMeasuringMs = 1_000;

/** What an engine reports while a model loads, and from then on. */
export interface LoadListener {
  readonly onProgress: (report: LoadReport) => void;
  readonly onDownloaded?: (bytes: number, milliseconds: number) => void;
  /** A session has run, where the options ask for traces. */
  readonly onSession?: (trace: SessionTrace) => void;
}

/** Device, weights, sessions, warm-up, batch limit: all that comes before the first request. */
export async function loadEngine(
  command: LoadCommand,
  { onProgress, onDownloaded, onSession }: LoadListener,
  machine: Machine = { ...realProbes, openSession },
): Promise<LoadedEngine> {
  const { options, module } = command;
  const implementation = await importImplementation(command);
  // Before anything is downloaded.
  let chosen = await chooseDevice(options.device, machine);
  const times = await LoadTimes.recall(command);
  const progress = (report: LoadReport): void => onProgress(times.complete(report));
  progress({ stage: 'verifying', detail: 'verifying weights' });
  const weights = await resolveWeights(command.weights, {
    from: module,
    cacheDirectory: options.cacheDirectory,
    progress,
    onDownloaded,
    warn,
  });
  const load = { command, implementation, weights, times, progress, onSession, machine };
  const unfit: RefusedDevice[] = [];
  for (;;) {
    const loaded = await loadOn(chosen, load);
    if (!('differs' in loaded)) return loaded;
    warn(`${chosen.device} is not used: ${loaded.differs}`);
    unfit.push({ device: chosen.device, reason: loaded.differs });
    chosen = await chooseDevice(options.device, machine, unfit);
  }
}

/** What an engine writes there is a warning in the log. */
const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** Loads and warms up; says why where the device does not compute what the CPU computes. */
async function loadOn(
  { device, index, refused }: ChosenDevice,
  { command, implementation, weights, times, progress, onSession, machine }: Load,
): Promise<LoadedEngine | { readonly differs: string }> {
  const { options, module, variant } = command;
  const files = Object.entries(weights);
  const checksums = Object.fromEntries(files.map(([name, { sha256 }]) => [name, sha256]));
  const paths = Object.fromEntries(files.map(([name, { path }]) => [name, path]));
  const runtime = onnxruntimeVersion();
  const checker =
    device === 'cpu' || options.checksDevice !== true
      ? undefined
      : await DeviceChecker.recall({ ...options, device, index, checksums, onnxruntimeVersion: runtime });
  if (checker?.known?.result === 'differs') return { differs: differsText(checker.known.detail) };

  progress({ stage: 'loading', detail: `loading on ${device}` });
  times.begin('loading');
  const stopwatch = new Stopwatch();
  const { threads } = options;
  const opened: Awaited<ReturnType<typeof openSession>>[] = [];
  const open: typeof openSession = async (...place) => {
    const session = await machine.openSession(...place);
    opened.push(session);
    return session;
  };
  const onRun = options.traces === 'sessions' ? onSession : undefined;
  const sessions = { device, index, threads, stopwatch, open, recorder: checker?.recorder, onRun };
  const context = {
    variant,
    weights: paths,
    device,
    createSession: sessionCreator(sessions),
    Tensor,
    openFile: fileOpener(sessions),
    maxImagePixels: options.maxImagePixels,
    maxRecordingSeconds: options.maxRecordingSeconds,
  };
  const { runner, sample, ...loaded } = await (
    'loadRunner' in implementation
      ? implementation.loadRunner(context)
      : loadModelRunner(implementation, command.maxBatchSize ?? 1, context)
  ).catch((error: unknown) => {
    throw isDefect(error) ? authorError('load()', error, module) : error;
  });

  times.begin('warming-up');
  const report = (detail: string): void => progress({ stage: 'warming-up', detail });
  const find = (detail: string): void => progress({ stage: 'warming-up', detail, isFinding: true });
  const trialsBeganAt = performance.now();
  const { cacheDirectory } = options;
  const identity = [...Object.values(checksums), device, threads, runtime];
  const sharesRuns =
    loaded.trial === undefined ||
    (await mayShareRuns(loaded.trial, {
      budgetMs: trialsMs - minMeasuringMs,
      cacheDirectory,
      identity,
      // Its runs are among those that are compared with the CPU.
      anew: checker?.recorder !== undefined,
      report,
      find,
    }));
  if (sharesRuns) loaded.trial?.allow();
  const trialMs = performance.now() - trialsBeganAt;

  report('warming up');
  const run = (size: number): Promise<number> => warmUp(runner, sample, size, module);
  const warmUpMs = await run(1);
  if (checker?.recorder !== undefined) report(`comparing ${device} with the CPU`);
  const finding = await checker?.finding(Object.values(paths), cpuLoader(machine, threads));
  if (finding?.result === 'differs') {
    for (const session of opened) await session.release();
    return { differs: differsText(finding.detail) };
  }
  const deviceCheck = finding && deviceCheckOf(finding);
  if (deviceCheck !== undefined) find(`${device}: ${deviceCheck.detail}`);
  const maxBatchSize = await batchLimit(sharesRuns ? loaded.maxBatchSize : 1, {
    run,
    cacheDirectory,
    identity: [module, ...identity],
    budgetMs: Math.min(maxMeasuringMs, Math.max(minMeasuringMs, trialsMs - trialMs)),
    report,
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
      deviceCheck,
      warmUpMs,
      maxBatchSize,
      onnxruntimeVersion: runtime,
      tensors: loaded.tensors,
      weights: checksums,
    },
  };
}

const differsText = (detail: string): string =>
  `its outputs differ from those of the CPU (${detail}). DEVICE_CHECK=off uses it anyway`;

const cpuLoader =
  (machine: Machine, threads: number): LoadOnCpu =>
  async (path) => {
    const session = await machine.openSession(path, { device: 'cpu', index: 0, threads });
    return { run: runOfSession(session), release: () => session.release() };
  };

/** Milliseconds of a run that must succeed. */
async function warmUp(runner: Runner, sample: EngineInput | undefined, size: number, module: string): Promise<number> {
  if (sample === undefined) return 0;
  const startedAt = performance.now();
  const samples = Array.from({ length: size }, () => sample);
  const outputs: readonly (RunnerOutput | Error)[] = await runner
    .run(samples, { signal: new AbortController().signal, emit: () => {} })
    .catch((thrown: unknown) => [thrown instanceof Error ? thrown : new Error(String(thrown))]);
  const failed = outputs.find((output) => output instanceof Error);
  if (failed !== undefined) throw authorError('The warm-up', failed, module);
  return performance.now() - startedAt;
}

function onnxruntimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}
