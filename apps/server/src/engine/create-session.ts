import type { Device } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import { knownFeeds } from '../models/known-feeds.ts';
import type { Session, SessionSignature } from '../models/session.ts';
import { executionProvider } from './device/execution-provider.ts';
import { signatureMismatches } from './signature-check.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface SessionOptions {
  readonly device: Device;
  readonly index: number;
  readonly threads: number;
  readonly stopwatch: Stopwatch;
}

/** Loads ONNX files by path, so that large external data can be shared between engines through the page cache. */
export function sessionCreator(
  options: SessionOptions,
): (path: string, signature: SessionSignature) => Promise<Session> {
  return async (path, signature) => {
    const session = await ort.InferenceSession.create(path, {
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
    const mismatches = signatureMismatches(session, signature);
    if (mismatches.length > 0)
      throw new Error(`${path} is not the file this model was written for: ${mismatches.join('; ')}.`);
    return {
      run: async (feeds) => {
        const startedAt = performance.now();
        const outputs = await session.run(knownFeeds(feeds, session.inputNames));
        options.stopwatch.sessionRan(startedAt, performance.now());
        await new Promise((turn) => setImmediate(turn));
        return outputs;
      },
    };
  };
}
