import { Failure, type TensorSignature } from '@portico/schemas';
import { notReadySentence } from '../dispatch/readiness.ts';
import type { InferOutput } from '../inference.ts';
import { type RawTensor, type TensorParams, unpackTensors } from '../tensors/raw-tensor.ts';
import type { ServedTensors } from './gateway.ts';
import type { InferOptions } from './infer-items.ts';

export interface TensorInput {
  /** Checked against the model's signature. */
  readonly inputs: readonly RawTensor[];
  /** Names of the outputs to return; all by default. */
  readonly outputs: readonly string[] | undefined;
}

export interface TensorOutput {
  readonly outputs: readonly RawTensor[];
  readonly times: InferOutput['times'];
}

/** Runs an ONNX file on tensors. Every protocol of tensors ends here. */
export async function inferTensors(
  served: ServedTensors,
  { inputs, outputs }: TensorInput,
  options: InferOptions,
): Promise<TensorOutput> {
  const { inputs: order } = signatureOf(served);
  // In the file's order, so that like requests look alike and can share a run.
  const ordered = order.flatMap(({ name }) => inputs.find(({ head }) => head.name === name) ?? []);
  const params: TensorParams = { inputs: ordered.map(({ head }) => head), outputs };
  const bytes = joined(ordered.map(({ bytes }) => bytes));
  const output = await served.dispatcher.submit({ bytes, mediaType: null, params }, options);
  return { outputs: unpackTensors(output.bytes), times: output.times };
}

/** The inputs and outputs of a model. Throws `NOT_READY` until a replica has loaded. */
export function signatureOf(served: ServedTensors): TensorSignature {
  const signature = served.dispatcher.info?.tensors;
  if (signature !== undefined) return signature;
  const { name, dispatcher } = served;
  throw new Failure('NOT_READY', notReadySentence(name, dispatcher.detail), { retryAfterSeconds: 1 });
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
