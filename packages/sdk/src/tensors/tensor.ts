/** The values of a tensor of each datatype, in row-major order. */
export interface TensorValues {
  /** 0 or 1 each. */
  BOOL: Uint8Array;
  UINT8: Uint8Array;
  UINT16: Uint16Array;
  UINT32: Uint32Array;
  UINT64: BigUint64Array;
  INT8: Int8Array;
  INT16: Int16Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  /** The 16 bits of each. */
  FP16: Uint16Array;
  /** The upper 16 bits of an `FP32` each. */
  BF16: Uint16Array;
  FP32: Float32Array;
  FP64: Float64Array;
  BYTES: readonly string[];
}

/** The element type of a tensor. */
export type TensorDatatype = keyof TensorValues;

/**
 * An output of a model. Its datatype says which array its values are.
 *
 * @example
 * if (output.datatype === 'FP32') draw(output.data); // a Float32Array
 */
export type Tensor<Datatype extends TensorDatatype = TensorDatatype> = {
  [Each in Datatype]: {
    readonly name: string;
    readonly datatype: Each;
    /** The length of each axis; none for a single value. */
    readonly shape: readonly number[];
    /** A view of the response where alignment allows, so outputs may share a buffer. */
    readonly data: TensorValues[Each];
  };
}[Datatype];

/** `Float16Array`, recognised by its tag because older type libraries do not know it. */
export type HalfValues = ArrayBufferView & { readonly [Symbol.toStringTag]: 'Float16Array' };

/** The values of an input: a typed array, which implies its datatype, or texts for `BYTES`. */
export type InputValues = TensorValues[TensorDatatype] | Uint8ClampedArray | HalfValues;

/** An input of a model. A `Tensor` that a model returned is one. */
export interface InputTensor {
  readonly name: string;
  /** The length of each axis; their product is the number of values, 1 where there is no axis. */
  readonly shape: readonly number[];
  readonly data: InputValues;
  /**
   * The element type. `BOOL` takes a `Uint8Array` of 0 and 1, `FP16` and `BF16` a `Uint16Array` of the bits. Every datatype
   * takes a `Uint8Array` of the little-endian bytes of the values.
   * @default that of the array: `FP32` for a `Float32Array`, `UINT8` for a `Uint8Array`, `BYTES` for texts
   */
  readonly datatype?: TensorDatatype | undefined;
}

/** The outputs of one call. */
export interface TensorResult {
  readonly model: string;
  /** Empty if the server names none. */
  readonly version: string;
  readonly id?: string | undefined;
  readonly outputs: readonly Tensor[];
}
