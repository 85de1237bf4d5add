import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { knownFeeds } from '../known-feeds.ts';
import type { Session, SessionSignature } from '../session.ts';

// The library reads it when it creates its first session.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Loads an ONNX file on one CPU thread and refuses it when it lacks a tensor of the signature. */
export async function createSession(path: string, signature: SessionSignature): Promise<Session> {
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableMemPattern: false,
  });
  check(signature.inputs, session.inputMetadata);
  check(signature.outputs, session.outputMetadata);
  return {
    async run(feeds: Readonly<Record<string, Tensor>>) {
      const outputs = await session.run(knownFeeds(feeds, session.inputNames));
      await new Promise((resolve) => setImmediate(resolve));
      return outputs;
    },
  };
}

function check(expected: SessionSignature['inputs'], actual: readonly InferenceSession.ValueMetadata[]): void {
  for (const [name, { type, shape, optional = false }] of Object.entries(expected)) {
    const found = actual.find((tensor) => tensor.name === name);
    if (found === undefined && optional) continue;
    if (!found?.isTensor || found.type !== type || !shape.every((length, axis) => fits(length, found.shape[axis]))) {
      throw new TypeError(
        `Tensor "${name}" must be ${type} [${shape.join(', ')}]; the file has ${JSON.stringify(found)}.`,
      );
    }
  }
}

/** A symbolic length of the file is a string and takes any number. */
const fits = (expected: number | null, actual: number | string | undefined): boolean =>
  actual !== undefined && (expected === null || typeof actual === 'string' || expected === actual);
