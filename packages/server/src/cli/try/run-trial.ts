import type { Failure } from '@portico/schemas';
import type { Engine, EngineListener } from '../../dispatch/engine.ts';
import type { EngineDescription, InferInput, PhaseTimes, SessionTrace } from '../../inference.ts';
import { engineEnvironment } from '../../spawn/engine-environment.ts';
import { startEngineProcess } from '../../spawn/engine-process.ts';
import type { Trial } from './prepare.ts';

/** Of a run of a model that says nothing itself. */
const defaultTimeoutSeconds = 60;

/** A load that reports nothing for this long hangs. */
const loadTimeoutSeconds = 180;

/** What an engine did with one input. */
export type TrialResult = TrialFacts & ({ readonly output: Uint8Array } | { readonly error: TrialError });

export interface TrialFacts {
  /** Undefined where the model did not load. */
  readonly engine: { readonly description: EngineDescription; readonly loadMs: number } | undefined;
  readonly times: PhaseTimes | undefined;
  /** Runs of sessions for this input; of the warm-up where that is where it failed. */
  readonly sessions: readonly SessionTrace[];
  /** The most memory that the engine held when it was looked at. */
  readonly residentBytes: number;
}

export interface TrialError {
  /** What a client would get, and for what. Undefined where the model did not load. */
  readonly failure: Failure | undefined;
  /** Why the model did not load, or why the engine ended. */
  readonly detail: string | undefined;
  /** Of the errors behind it, with their causes. */
  readonly stacks: readonly string[];
}

interface TrialListener {
  /** The model, or a library of it, has printed a line. */
  readonly onPrinted: (line: string) => void;
}

/** Starts an engine, which loads the model and runs it on the input, once; then ends it. */
export function runTrial(trial: Trial, input: InferInput, { onPrinted }: TrialListener): Promise<TrialResult> {
  const startedAt = performance.now();
  const stacks: string[] = [];
  let sessions: SessionTrace[] = [];
  let engineFacts: TrialFacts['engine'];
  let times: PhaseTimes | undefined;
  let residentBytes = 0;
  let output: Uint8Array | undefined;
  let failure: Failure | undefined;
  let timer: NodeJS.Timeout | undefined;
  const { timeoutSeconds = defaultTimeoutSeconds } = trial.settings;

  return new Promise((resolve) => {
    const end = (detail?: string): void => {
      clearTimeout(timer);
      engine.kill();
      const facts = { engine: engineFacts, times, sessions, residentBytes };
      resolve(output === undefined ? { ...facts, error: { failure, detail, stacks } } : { ...facts, output });
    };
    const endAfter = (seconds: number, detail: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(detail), seconds * 1_000);
    };
    const boundLoad = (): void =>
      endAfter(loadTimeoutSeconds, `The model has reported nothing for ${loadTimeoutSeconds} s while it loads.`);
    const listener: EngineListener = {
      onProgress: boundLoad,
      onDownloaded: boundLoad,
      onReady: (description) => {
        engineFacts = { description, loadMs: performance.now() - startedAt };
        sessions = [];
        endAfter(timeoutSeconds, `The run took longer than ${timeoutSeconds} s, the timeout of the model.`);
        engine.send([{ ...input, id: 1 }]);
      },
      onLoadFailed: (detail) => end(detail),
      onSession: (trace) => sessions.push(trace),
      onBegan: () => {},
      onItem: () => {},
      onOutcome: (_id, outcome) => {
        ({ times } = outcome);
        if (outcome.ok) output = outcome.bytes;
        else ({ failure } = outcome);
      },
      onMemory: (bytes) => {
        residentBytes = Math.max(residentBytes, bytes);
      },
      onFinished: () => end(),
      onDeviceLost: (detail) => end(detail),
      onExit: (detail) => end(`The engine ${detail}.`),
    };
    boundLoad();
    const engine: Engine = startEngineProcess(setupOf(trial, onPrinted, stacks), listener);
  });
}

function setupOf({ task, code, config }: Trial, onPrinted: TrialListener['onPrinted'], stacks: string[]) {
  const { device, checksDevice, threads, maxImagePixels, maxRecordingSeconds, cacheDirectory } = config;
  const { engineEnvironment: names, engineNiceness: niceness } = config;
  const print = (_fields: object, line: string): void => onPrinted(line);
  return {
    model: task.name,
    code,
    options: {
      device,
      checksDevice,
      threads,
      maxImagePixels,
      maxRecordingSeconds,
      cacheDirectory,
      traces: 'sessions' as const,
    },
    // An error is the stack of what failed; everything else is what the model prints.
    logger: { info: print, warn: print, error: (_fields: object, text: string) => void stacks.push(text) },
    inspect: config.engineInspect,
    environment: engineEnvironment(process.env, { names, niceness }),
  };
}
