import { Tensor as OnnxTensor } from 'onnxruntime-node';

/** The values of a tensor by its type, row by row. */
export interface TensorData {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  /** Half precision as its bits. */
  readonly float16: Uint16Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  readonly uint64: BigUint64Array;
  /** One byte a value: 0 or 1. */
  readonly bool: Uint8Array;
  readonly string: readonly string[];
}

export type TensorType = keyof TensorData;

/** A tensor on the CPU: `Tensor<'float32'>` has a Float32Array. */
export interface Tensor<Type extends TensorType = TensorType> {
  readonly type: Type;
  /** The length of each axis; none for a scalar. */
  readonly dims: readonly number[];
  readonly data: TensorData[Type];
}

interface TensorConstructor {
  /**
   * A tensor over `data`, which is not copied.
   * @throws when the lengths in `dims` do not multiply to the number of values.
   */
  new <Type extends TensorType>(type: Type, data: TensorData[Type], dims: readonly number[]): Tensor<Type>;
}

/** The tensors of the one copy of ONNX Runtime in an engine. */
export const Tensor = new Proxy(OnnxTensor, {
  construct: (Constructor, [type, data, dims]: [TensorType, unknown, readonly number[]]) =>
    type === 'float16'
      ? halves(data as Uint16Array, dims)
      : new Constructor(type as 'float32', data as Float32Array, dims),
}) as unknown as TensorConstructor;

/**
 * The binding reads halves from a Uint16Array alone. Where there is a Float16Array, as in Node 24, the library's constructor makes one
 * of it, and the binding takes that for an empty tensor.
 */
function halves(data: Uint16Array, dims: readonly number[]): object {
  const size = dims.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    throw new RangeError(`The dims [${dims.join(',')}] take ${size} values, not ${data.length}.`);
  return { type: 'float16', data, dims, location: 'cpu', size };
}
