import { PorticoError } from '../errors/portico-error.ts';
import { tagOf } from '../files/kind-of.ts';
import type { InputTensor } from './tensor.ts';
import { wireTensor } from './wire-tensor.ts';

/** What a model is asked. */
export interface TensorQuestion {
  readonly inputs: readonly InputTensor[];
  /**
   * Names of the outputs wanted, in order.
   * @default all
   */
  readonly outputs?: readonly string[] | undefined;
}

/** A body for `POST …/infer`. */
export interface EncodedCall {
  /** JSON, and the values after it: views of the caller's own arrays, for a `Blob` to take as they are now. */
  readonly body: readonly Uint8Array<ArrayBuffer>[];
  /** For the header `inference-header-content-length`: the bytes of the JSON. */
  readonly headLength: number;
}

/**
 * An inference request of the Open Inference Protocol with all values, in the answer too, as binary data.
 * https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension
 *
 * @throws {PorticoError} `BAD_INPUT` with what is wrong with the inputs or the names of the outputs.
 */
export function encodeTensorCall({ inputs, outputs }: TensorQuestion): EncodedCall {
  if (!Array.isArray(inputs)) throw new PorticoError('BAD_INPUT', 'The inputs are to be an array of tensors.');
  const tensors = inputs.map(wireTensor);
  checkNames(
    'input',
    tensors.map(({ name }) => name),
  );
  if (outputs !== undefined) checkNames('output', outputs);
  const head = {
    inputs: tensors.map(({ bytes, ...about }) => ({ ...about, parameters: { binary_data_size: bytes.byteLength } })),
    outputs: outputs?.map((name) => ({ name })),
    parameters: { binary_data_output: true },
  };
  const json = new TextEncoder().encode(JSON.stringify(head));
  return { body: [json, ...tensors.map(({ bytes }) => forBlob(bytes))], headLength: json.byteLength };
}

function checkNames(kind: string, names: readonly unknown[]): void {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new PorticoError('BAD_INPUT', `The ${kind}s wanted are to be an array of names.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new PorticoError('BAD_INPUT', `The ${kind} ${JSON.stringify(twice)} is named twice.`);
}

/** A `Blob` refuses memory that is shared, or may change its size. */
function forBlob(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isFixed = tagOf(buffer) === 'ArrayBuffer' && !('resizable' in buffer && buffer.resizable === true);
  return isFixed ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
