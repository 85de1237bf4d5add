import type { Datatype, TensorMetadata, TensorSignature } from '@portico/schemas';

/** The words of ONNX Runtime for what its binding for Node takes. */
const datatypes: Readonly<Record<string, Datatype>> = {
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
};

/** A tensor of an ONNX file in the words of ONNX Runtime. */
interface FileTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/**
 * The tensors of an ONNX file in the words of the protocol.
 * Throws for what is no tensor (a sequence, a map), and for elements that no client could send.
 */
export const signatureOf = (file: {
  readonly inputs: readonly FileTensor[];
  readonly outputs: readonly FileTensor[];
}): TensorSignature => ({
  inputs: file.inputs.map((tensor) => metadataOf('input', tensor)),
  outputs: file.outputs.map((tensor) => metadataOf('output', tensor)),
});

function metadataOf(side: 'input' | 'output', { name, type, shape }: FileTensor): TensorMetadata {
  const datatype = datatypes[type];
  if (datatype === undefined) {
    throw new Error(
      `The ${side} "${name}" is ${type}; only tensors of ${Object.keys(datatypes).join(', ')} are served.`,
    );
  }
  return { name, datatype, shape: shape.map((length) => (typeof length === 'number' ? length : -1)) };
}
