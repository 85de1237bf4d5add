import { Failure, type TensorSignature } from '@portico/schemas';
import type { InferOutput } from '../../inference.ts';
import { unpackTensors } from '../../tensors/packed-tensors.ts';
import type { RawTensor, TensorQuestion } from '../../tensors/tensor-head.ts';
import { type ServedTensors, tensorsOf } from '../served-tensors.ts';

export interface TensorAsk {
  /** Checked against the model's own metadata. */
  readonly inputs: readonly RawTensor[];
  /** Names of the outputs wanted; all unless told. */
  readonly outputs: readonly string[] | undefined;
  /** Milliseconds in which the client wants an answer. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

export interface Told {
  readonly outputs: readonly RawTensor[];
  readonly times: InferOutput['times'];
}

/** Asks a model about tensors. Both doors end here. */
export async function askTensors(
  served: ServedTensors,
  { inputs, outputs, deadline, signal }: TensorAsk,
): Promise<Told> {
  const { inputs: order } = signatureOrRefuse(served);
  // In the file's order, so that requests that are alike look alike.
  const ordered = order.flatMap(({ name }) => inputs.find(({ head }) => head.name === name) ?? []);
  const params: TensorQuestion = { inputs: ordered.map(({ head }) => head), outputs };
  const answer = await served.dispatcher.submit(
    { bytes: joined(ordered.map(({ bytes }) => bytes)), mediaType: null, params },
    { timeoutMs: deadline, signal },
  );
  return { outputs: unpackTensors(answer.bytes), times: answer.times };
}

/** The tensors of a model that may be asked now. Throws `NOT_READY` where no replica has told them. */
export function signatureOrRefuse(served: ServedTensors): TensorSignature {
  const signature = tensorsOf(served);
  if (signature !== undefined) return signature;
  const { name, dispatcher } = served;
  throw new Failure('NOT_READY', `Model ${name} is not ready: ${dispatcher.detail}`, { retryAfterSeconds: 1 });
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
