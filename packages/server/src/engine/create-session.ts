import type { Device } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import { knownFeeds } from '../model/known-feeds.ts';
import type { LoadContext } from '../model/model.ts';
import type { ProgramLoadContext, TensorMetadata } from '../model/program.ts';
import type { Session } from '../model/session.ts';
import type { Tensor } from '../model/tensor.ts';
import { executionProvider } from './device/execution-provider.ts';
import { signatureMismatches } from './signature-check.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface SessionOptions {
  readonly device: Device;
  readonly index: number;
  readonly threads: number;
  readonly stopwatch: Stopwatch;
}

/** Loads an ONNX file by path, so that large external data can be shared between engines through the page cache. */
async function load(path: string, options: SessionOptions): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(path, {
    executionProviders: [executionProvider(options.device, options.index)],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // A plan for each shape of the inputs costs memory for every new one (877 MB against 683 after six large pages of
    // text) and saves no time.
    enableMemPattern: false,
    // A waiting thread that spins takes a whole core from everybody else (113 % against 13 % measured).
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

const timed = (session: ort.InferenceSession, stopwatch: Stopwatch): Session => ({
  run: async (feeds) => {
    const startedAt = performance.now();
    const outputs = await session.run(
      knownFeeds(feeds, session.inputNames) as unknown as ort.InferenceSession.FeedsType,
    );
    stopwatch.sessionRan(startedAt, performance.now());
    await new Promise((turn) => setImmediate(turn));
    return outputs as unknown as Readonly<Record<string, Tensor>>;
  },
});

/** Loads files for code that relies on certain tensors: one without them is refused. */
export function sessionCreator(options: SessionOptions): LoadContext['createSession'] {
  return async (path, signature) => {
    const session = await load(path, options);
    const mismatches = signatureMismatches(session, signature);
    if (mismatches.length > 0)
      throw new Error(`${path} is not the file this model was written for: ${mismatches.join('; ')}.`);
    return timed(session, options.stopwatch);
  };
}

/** Loads files whatever their tensors. */
export function sessionOpener(options: SessionOptions): ProgramLoadContext['openSession'] {
  return async (path) => {
    const session = await load(path, options);
    return {
      ...timed(session, options.stopwatch),
      tensors: { inputs: session.inputMetadata.map(metadataOf), outputs: session.outputMetadata.map(metadataOf) },
    };
  };
}

/** A sequence or a map has neither type nor shape. */
const metadataOf = (value: ort.InferenceSession.ValueMetadata): TensorMetadata =>
  value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: 'no tensor', shape: [] };
