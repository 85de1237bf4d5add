import { dirname } from 'node:path';
import type { Device } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import type { PhaseTimes, SessionTrace } from '../inference.ts';
import type { CreateSession, Session, SessionSignature } from '../model/session.ts';
import type { Tensor } from '../model/tensor.ts';
import type { GraphTensor } from '../onnx/graph-values.ts';
import { editedFile, readServedFile, type ServedFile } from '../onnx/served-file.ts';
import { executionProvider } from './choose-device.ts';
import type { RunRecorder } from './device-check.ts';
import { traced } from './session-trace.ts';
import type { FileTensor, RunnerLoadContext } from './runner.ts';
import { feedMismatches, type FileValue, signatureMismatches } from './tensor-mismatches.ts';

/** Where a file is loaded. */
export interface Placement {
  readonly device: Device;
  readonly index: number;
  readonly threads: number;
}

export interface SessionOptions extends Placement {
  readonly stopwatch: Stopwatch;
  /** Records the runs of the warm-up. */
  readonly recorder?: RunRecorder | undefined;
  /** Told of each run. */
  readonly onRun?: ((trace: SessionTrace) => void) | undefined;
  /** @default openSession */
  readonly open?: typeof openSession | undefined;
}

/** Loads files for code that relies on certain tensors: one without them is refused. */
export function sessionCreator(options: SessionOptions): CreateSession {
  return async <Signature extends SessionSignature>(path: string, signature: Signature) => {
    const session = await (options.open ?? openSession)(path, options);
    const mismatches = signatureMismatches(session, signature);
    if (mismatches.length > 0) throw new Error(driftText(path, mismatches));
    const wanted = session.outputNames.filter((name) => Object.hasOwn(signature.outputs, name));
    const run = yielding(session, runOf(path, session, { ...options, wanted }));
    // The file has just been compared with the signature.
    return { run } as unknown as Session<Signature>;
  };
}

const driftText = (path: string, mismatches: readonly string[]): string =>
  `${path} is not the file this model was written for: ${mismatches.join('; ')}. Use the file that the signature was written for, or ` +
  'adapt signature and model to this one: "portico inspect FILE --signature" prints its own.';

/** Loads files whatever their inputs and outputs. Their sessions do not yield; the runner does, between two runs. */
export function fileOpener(options: SessionOptions): RunnerLoadContext['openFile'] {
  return async (path) => {
    const session = await (options.open ?? openSession)(path, options);
    const served = await servedFile(path);
    return {
      run: runOf(path, session, options),
      inputs: session.inputMetadata.map((value) => fileTensor(value, served?.inputs)),
      outputs: session.outputMetadata.map((value) => fileTensor(value, served?.outputs)),
    };
  };
}

/**
 * Loads an ONNX file by path, so that large external data can be shared between engines through the page cache. What wraps tensors
 * at its edges, such as ZipMap, is cut off, so that they can be passed.
 * @throws what is wrong with the file, in the words of `portico inspect`; otherwise what ONNX Runtime says.
 */
export async function openSession(path: string, place: Placement): Promise<ort.InferenceSession> {
  try {
    const edits = (await servedFile(path))?.edits;
    return await createSession(path, edits === undefined ? undefined : await editedFile(path, edits), place);
  } catch (error) {
    const { explainLoadFailure } = await import('../onnx/load-failures.ts');
    throw await explainLoadFailure(path, error);
  }
}

/** Undefined for a file that is no ONNX, such as one in the format of ONNX Runtime, which judges it. */
const servedFile = (path: string): Promise<ServedFile | undefined> => readServedFile(path).catch(() => undefined);

/** @param edited in place of the file itself; weights beside it are found all the same. */
function createSession(
  path: string,
  edited: Uint8Array | undefined,
  { device, index, threads }: Placement,
): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [executionProvider(device, index)],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // A plan for each shape of the inputs costs memory for every new one (877 MB against 683 after six large pages of
    // text) and saves no time.
    enableMemPattern: false,
    extra: {
      session: {
        // A waiting thread that spins takes a whole core from other processes (113 % against 13 % measured).
        intra_op: { allow_spinning: '0' },
        inter_op: { allow_spinning: '0' },
        ...(edited === undefined ? {} : { model_external_initializers_file_folder_path: dirname(path) }),
      },
    },
  };
  return edited === undefined
    ? ort.InferenceSession.create(path, options)
    : ort.InferenceSession.create(edited, options);
}

type Run = Session['run'];

function runOf(path: string, session: ort.InferenceSession, options: SessionOptions & WantedOutputs): Run {
  const { stopwatch, recorder, onRun } = options;
  const measured = timed(runOfSession(session, options), stopwatch);
  const run = onRun === undefined ? measured : traced(path, measured, onRun);
  return recorder === undefined ? run : recorder.recording(path, run);
}

/** A run with its time measured. */
const timed =
  (run: Run, stopwatch: Stopwatch): Run =>
  async (feeds) => {
    const startedAt = performance.now();
    const outputs = await run(feeds);
    stopwatch.sessionRan(startedAt, performance.now());
    return outputs;
  };

interface WantedOutputs {
  /** Names of the outputs that are returned. @default all */
  readonly wanted?: readonly string[];
}

export function runOfSession(session: ort.InferenceSession, { wanted }: WantedOutputs = {}): Run {
  const { inputNames, outputNames } = session;
  const some = wanted !== undefined && wanted.length < outputNames.length ? wanted : undefined;
  return async (feeds) => {
    const known = knownFeeds(feeds, inputNames) as unknown as ort.InferenceSession.FeedsType;
    const outputs = some === undefined ? session.run(known) : session.run(known, some);
    return (await outputs) as unknown as Readonly<Record<string, Tensor>>;
  };
}

/**
 * Lets the engine read what has arrived during a run, so that a model sees before its next one that its clients have left. Says
 * what is wrong with the tensors that a model fed where ONNX Runtime refused them.
 */
const yielding =
  ({ inputMetadata }: ort.InferenceSession, run: Run): Run =>
  async (feeds) => {
    let outputs: Awaited<ReturnType<Run>>;
    try {
      outputs = await run(feeds);
    } catch (cause) {
      const mismatches = feedMismatches(feeds, inputMetadata);
      throw mismatches.length === 0 ? cause : new TypeError(mismatches.join(' '), { cause });
    }
    await new Promise((turn) => setImmediate(turn));
    return outputs;
  };

/** Feeds without those for optional inputs that a file lacks; ONNX Runtime refuses names it does not know. */
export const knownFeeds = (
  feeds: Readonly<Record<string, Tensor>>,
  inputNames: readonly string[],
): Readonly<Record<string, Tensor>> =>
  Object.keys(feeds).length === inputNames.length
    ? feeds
    : Object.fromEntries(Object.entries(feeds).filter(([name]) => inputNames.includes(name)));

/** @param served the same side of the file, as it says itself. */
function fileTensor(value: FileValue, served: readonly GraphTensor[] = []): FileTensor {
  const { name } = value;
  if (!value.isTensor) return { name, type: 'no tensor', shape: [] };
  const said = served.find((tensor) => tensor.name === name);
  const { type, shape } = value;
  // ONNX Runtime describes a tensor of any rank to Node like a scalar.
  const isUnranked = shape.length === 0 && said !== undefined && said.shape === undefined;
  return { name, type, shape: isUnranked ? undefined : shape, labels: said?.labels };
}

/**
 * Splits a run by where its sessions run: what comes before the first one is decoding and preprocessing, what the
 * sessions take is inference, and the rest is postprocessing. So no model has to measure itself.
 */
export class Stopwatch {
  #startedAt = 0;
  #firstSessionAt: number | undefined;
  #inference = 0;

  start(): void {
    this.#startedAt = performance.now();
    this.#firstSessionAt = undefined;
    this.#inference = 0;
  }

  sessionRan(startedAt: number, endedAt: number): void {
    this.#firstSessionAt ??= startedAt;
    this.#inference += endedAt - startedAt;
  }

  read(): PhaseTimes {
    const now = performance.now();
    const decode = (this.#firstSessionAt ?? now) - this.#startedAt;
    return {
      decode: round(decode),
      inference: round(this.#inference),
      postprocess: round(now - this.#startedAt - decode - this.#inference),
    };
  }
}

const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;
