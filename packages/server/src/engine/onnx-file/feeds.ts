import type { Datatype, TensorDescription, TensorSignature } from '@portico/schemas';
import { Tensor, type TensorType } from '../../model/tensor.ts';
import { type NumericDatatype, packTexts, typedView, unpackTexts } from '../../tensors/values.ts';
import type { RawTensor, TensorHead } from '../../tensors/raw-tensor.ts';
import type { FileTensor, OpenedFile } from '../runner.ts';

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

/** The tensors of an ONNX file in the words of the protocol. All must be passable. */
export const signatureOf = (file: Pick<OpenedFile, 'inputs' | 'outputs'>): TensorSignature => ({
  inputs: file.inputs.flatMap(metadataOf),
  outputs: file.outputs.flatMap(metadataOf),
});

function metadataOf({ name, type, shape, labels }: FileTensor): TensorDescription[] {
  const datatype = datatypes[type];
  if (datatype === undefined) return [];
  return [
    {
      name,
      datatype,
      shape: shape === undefined ? [-1] : shape.map((length) => (typeof length === 'number' ? length : -1)),
      ...(shape === undefined ? { unranked: true } : {}),
      ...(labels === undefined ? {} : { labels: [...labels] }),
    },
  ];
}

/** ONNX Runtime's words for the protocol's. */
const types = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Partial<Record<TensorHead['datatype'], TensorType>>;

/** The tensors to feed, by name; their values stay where they are unless no typed array can be laid over them. */
export function feedsOf(inputs: readonly RawTensor[]): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of inputs) feeds[input.head.name] = tensorOf(input);
  return feeds;
}

function tensorOf({ head: { datatype, shape }, bytes }: RawTensor): Tensor {
  if (datatype === 'BYTES') return new Tensor('string', unpackTexts(bytes) ?? [], shape);
  const data = typedView(datatype as Exclude<NumericDatatype, 'BF16'>, bytes);
  return new Tensor(types[datatype as keyof typeof types] as 'float32', data as Float32Array, shape);
}

/** The outputs of a run with their values as bytes, in the file's order. */
export function rawOutputs(outputs: Readonly<Record<string, Tensor>>, signature: TensorSignature): RawTensor[] {
  return signature.outputs.map(({ name, datatype }) => {
    const tensor = outputs[name];
    if (tensor === undefined) throw new Error(`The model gave no output "${name}".`);
    const bytes = bytesOf(tensor);
    return { head: { name, datatype, shape: tensor.dims, byteLength: bytes.byteLength }, bytes };
  });
}

function bytesOf(tensor: Tensor): Uint8Array {
  if (tensor.type === 'string') return packTexts(tensor.data as string[]);
  const { buffer, byteOffset, byteLength } = tensor.data as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
