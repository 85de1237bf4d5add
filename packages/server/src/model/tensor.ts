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
export const Tensor = OnnxTensor as unknown as TensorConstructor;

/**
 * The values of an output that the session's signature declares as float32.
 * @throws {TypeError} when there is no such output, or it has another type.
 */
export function float32Data(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new TypeError(`Output "${name}" is not a float32 tensor on the CPU.`);
  return data;
}
